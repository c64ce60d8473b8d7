package api

import (
	"bytes"
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// UserSession is a browser in which the caller is signed in.
type UserSession struct {
	ID           string `json:"id"`
	Address      string `json:"address"`
	UserAgent    string `json:"user_agent"`
	CreationTime Time   `json:"creation_time"`
	LastSeenTime Time   `json:"last_seen_time" doc:"Within a minute"`
	ExpiryTime   Time   `json:"expiry_time" doc:"When it ends if it is not used"`
	Current      bool   `json:"current" doc:"The one of this request"`
}

type sessionsOutput struct {
	Body []UserSession `nullable:"false"`
}

// person is the caller, who has to be a human: robots have neither sessions nor
// preferences.
func person(ctx context.Context) (rbac.Subject, error) {
	who := subject(ctx)
	if who.Kind != rbac.Human {
		return who, fault.Precondition("get current user not available for security context: %s", who.Kind)
	}
	return who, nil
}

func (s *server) listSessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	seats, err := s.Auth.Seats(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{Body: make([]UserSession, len(seats))}
	for i, seat := range seats {
		out.Body[i] = UserSession{
			ID: seat.ID(), Address: seat.Address, UserAgent: seat.UserAgent, CreationTime: Time(seat.CreatedAt),
			LastSeenTime: Time(seat.SeenAt), ExpiryTime: Time(seat.ExpiresAt), Current: bytes.Equal(seat.IDHash, sessionKeyOf(ctx)),
		}
	}
	return out, nil
}

func (s *server) endSession(ctx context.Context, in *struct {
	ID string `path:"session_id"`
}) (*done, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return &done{}, s.Auth.EndSeat(ctx, who, in.ID)
}

func (s *server) endOtherSessions(ctx context.Context, _ *struct{}) (*done, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return &done{}, s.Auth.EndOtherSeats(ctx, who, sessionKeyOf(ctx))
}
