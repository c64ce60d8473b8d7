package drivers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/distribution/distribution/v3/registry/storage/driver"
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

// NewS3 returns distribution's driver for a bucket.
func NewS3(ctx context.Context, o S3) (driver.StorageDriver, error) {
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
	return d, nil
}
