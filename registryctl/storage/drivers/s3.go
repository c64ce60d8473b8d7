package drivers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	api "github.com/aws/aws-sdk-go/service/s3"
	s3 "github.com/distribution/distribution/v3/registry/storage/driver/s3-aws"
)

// S3 says where a bucket is and how to reach it.
type S3 struct {
	Bucket         string
	Region         string
	RegionEndpoint string // of a store that is not AWS: http://minio:9000
	AccessKey      string // '' takes credentials from the environment, as the AWS SDK does
	SecretKey      string
	RootDirectory  string // prefix of every key
	ForcePathStyle bool
}

// String keeps the secret key out of logs and messages.
func (o S3) String() string { return fmt.Sprintf("s3 bucket %s in %s", o.Bucket, o.Region) }

// LogValue is String for structured logs.
func (o S3) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Bucket keeps objects in a bucket. It is distribution's driver with a removal of many
// objects in one request.
type Bucket struct {
	*s3.Driver

	name   string
	client *api.S3
}

// NewS3 returns the driver for a bucket.
func NewS3(ctx context.Context, o S3) (*Bucket, error) {
	if o.Bucket == "" {
		return nil, errors.New("s3 storage needs the name of a bucket")
	}
	if o.Region == "" {
		o.Region = "us-east-1" // what stores other than AWS expect
	}
	params := map[string]any{
		"bucket":         o.Bucket,
		"region":         o.Region,
		"forcepathstyle": o.ForcePathStyle,
	}
	for key, value := range map[string]string{
		"regionendpoint": o.RegionEndpoint,
		"accesskey":      o.AccessKey,
		"secretkey":      o.SecretKey,
		"rootdirectory":  o.RootDirectory,
	} {
		if value != "" {
			params[key] = value
		}
	}
	d, err := s3.FromParameters(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("s3 storage in bucket %s: %w", o.Bucket, err)
	}
	client, err := o.client()
	if err != nil {
		return nil, fmt.Errorf("s3 storage in bucket %s: %w", o.Bucket, err)
	}
	return &Bucket{Driver: d, name: o.Bucket, client: client}, nil
}

// client reaches the bucket as distribution's driver does, which keeps its own to itself.
func (o S3) client() (*api.S3, error) {
	c := aws.NewConfig().WithRegion(o.Region).WithS3ForcePathStyle(o.ForcePathStyle)
	if o.RegionEndpoint != "" {
		c = c.WithEndpoint(o.RegionEndpoint)
	}
	if o.AccessKey != "" && o.SecretKey != "" {
		c = c.WithCredentials(credentials.NewStaticCredentials(o.AccessKey, o.SecretKey, ""))
	}
	s, err := session.NewSession(c)
	if err != nil {
		return nil, err
	}
	return api.New(s), nil
}

// deleteMost is how many objects the protocol deletes in one request.
const deleteMost = 1_000

// DeleteMany deletes objects and returns those of which there are none any more; what
// was not there is no error.
func (b *Bucket) DeleteMany(ctx context.Context, paths []string) (gone []string, err error) {
	for part := range slices.Chunk(paths, deleteMost) {
		objects, of := make([]*api.ObjectIdentifier, len(part)), make(map[string]string, len(part))
		for i, p := range part {
			key := b.S3BucketKey(p)
			objects[i], of[key] = &api.ObjectIdentifier{Key: aws.String(key)}, p
		}
		answer, err := b.client.DeleteObjectsWithContext(ctx, &api.DeleteObjectsInput{
			Bucket: aws.String(b.name), Delete: &api.Delete{Objects: objects, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return gone, fmt.Errorf("delete %d objects of bucket %s: %w", len(part), b.name, err)
		}
		var failed error
		for _, e := range answer.Errors { // quiet: only these are told
			delete(of, aws.StringValue(e.Key))
			failed = errors.Join(failed, fmt.Errorf("delete %s: %s (%s)", aws.StringValue(e.Key), aws.StringValue(e.Message), aws.StringValue(e.Code)))
		}
		for _, p := range of {
			gone = append(gone, p)
		}
		if failed != nil {
			return gone, failed
		}
	}
	return gone, nil
}
