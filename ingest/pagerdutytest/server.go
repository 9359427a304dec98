package pagerdutytest

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// Server serves an account on loopback, in the manner of httptest.Server.
type Server struct {
	URL string // http://127.0.0.1:port, without a slash at the end

	handler *handler
	server  *http.Server
	done    chan struct{}
}

// Listen starts a server on a free port of 127.0.0.1.
func Listen(a *Account, opts ...Option) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	h := newHandler(a, opts...)
	s := &Server{
		URL:     "http://" + listener.Addr().String(),
		handler: h,
		server:  &http.Server{Handler: h, ReadHeaderTimeout: time.Minute},
		done:    make(chan struct{}),
	}
	go func() {
		defer close(s.done)
		_ = s.server.Serve(listener) // always ErrServerClosed after Close
	}()
	return s, nil
}

// NewServer is Listen for tests: it panics where there is no loopback.
func NewServer(a *Account, opts ...Option) *Server {
	s, err := Listen(a, opts...)
	if err != nil {
		panic("pagerdutytest: " + err.Error())
	}
	return s
}

// Close cuts all connections and waits until the server has ended.
func (s *Server) Close() {
	_ = s.server.Close() // an error means only that it was closed before
	<-s.done
}

// Requests counts the requests so far by kind of path: incidents, incident,
// incident_alerts, log_entries, schedules, users … Failed ones count too.
func (s *Server) Requests() map[string]int {
	counts := map[string]int{}
	for _, r := range s.Log() {
		counts[r.Kind]++
	}
	return counts
}

// Log returns the requests so far, in the order in which they were answered.
func (s *Server) Log() []Request {
	s.handler.mu.Lock()
	defer s.handler.mu.Unlock()
	return slices.Clone(s.handler.requests)
}

// ResetLog forgets the requests so far.
func (s *Server) ResetLog() {
	s.handler.mu.Lock()
	defer s.handler.mu.Unlock()
	s.handler.requests = nil
}

// Reload serves another account, or the same one after a change, from now on;
// the clock moves to its End unless WithNow set it. No request may be running.
func (s *Server) Reload(a *Account) {
	s.handler.mu.Lock()
	defer s.handler.mu.Unlock()
	s.handler.account, s.handler.prepared = a, nil
}
