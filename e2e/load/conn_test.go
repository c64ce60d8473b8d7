package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// serve starts a server and connects to it.
func serve(t *testing.T, handler http.HandlerFunc) (*Conn, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return dial(t, Target{Address: server.Listener.Addr().String()}), server.Listener.Addr().String()
}

func dial(t *testing.T, target Target) *Conn {
	t.Helper()
	conn, err := Dial(t.Context(), target, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// answers is a handler with every kind of body.
func answers(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/length":
		w.Header().Set("Content-Length", "5")
		fmt.Fprint(w, "hello")
	case "/large":
		w.Header().Set("Content-Length", "3000000")
		fmt.Fprint(w, strings.Repeat("x", 3_000_000))
	case "/chunks":
		for range 3 {
			fmt.Fprint(w, strings.Repeat("y", 100_000))
			_ = http.NewResponseController(w).Flush() // a failure shows at the client
		}
	case "/trailer":
		w.Header().Set("Trailer", "X-Sum")
		fmt.Fprint(w, "body")
		w.Header().Set("X-Sum", "1")
	case "/nothing":
		w.WriteHeader(http.StatusNoContent)
	case "/same":
		w.Header().Set("ETag", `"x"`)
		w.WriteHeader(http.StatusNotModified)
	case "/created":
		n, _ := io.Copy(io.Discard, r.Body) // what is missing shows in the number
		w.Header().Set("Location", fmt.Sprintf("/v2/%d", n))
		w.WriteHeader(http.StatusCreated)
	case "/last":
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "bye")
	default:
		http.Error(w, "there is no "+r.URL.Path, http.StatusNotFound)
	}
}

func TestAnswersOfEveryKindAreReadToTheirEnd(t *testing.T) {
	plain, address := serve(t, answers)
	secure := httptest.NewTLSServer(http.HandlerFunc(answers))
	t.Cleanup(secure.Close)
	config := secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName = "example.com" // as httptest's certificate has it
	encrypted := dial(t, Target{Address: secure.Listener.Addr().String(), TLS: config})
	cases := []struct {
		method, path string
		status       int
		bytes        int64
	}{
		{"GET", "/length", 200, 5}, {"GET", "/large", 200, 3_000_000}, {"GET", "/chunks", 200, 300_000}, {"GET", "/trailer", 200, 4},
		{"HEAD", "/length", 200, 0}, {"HEAD", "/chunks", 200, 0}, {"GET", "/nothing", 204, 0}, {"GET", "/same", 304, 0},
		{"GET", "/last", 200, 3}, {"GET", "/elsewhere", 404, 23},
	}
	for name, conn := range map[string]*Conn{"plain": plain, "TLS": encrypted} {
		for round := range 2 { // the next answer begins where the last one ended
			for _, c := range cases {
				got, err := conn.Do(t.Context(), Head(c.method, c.path, address, ""))
				if err != nil {
					t.Fatalf("%s, round %d, %s %s: %v", name, round, c.method, c.path, err)
				}
				if got.Status != c.status || got.Bytes != c.bytes {
					t.Errorf("%s, round %d, %s %s is %d with %d bytes, want %d with %d", name, round, c.method, c.path, got.Status, got.Bytes, c.status, c.bytes)
				}
			}
		}
	}
}

func TestABodyIsSentInPiecesAndTheLocationIsKept(t *testing.T) {
	conn, address := serve(t, answers)
	got, err := conn.Want(t.Context(), 201, Head("POST", "/created", address, "Bearer x", "Content-Length: 6"), []byte("abc"), []byte("def"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Location) != "/v2/6" {
		t.Errorf("the location is %q", got.Location)
	}
}

func TestAConnectionIsKeptAlive(t *testing.T) {
	var ports []string
	conn, address := serve(t, func(_ http.ResponseWriter, r *http.Request) { ports = append(ports, r.RemoteAddr) })
	for range 3 {
		if _, err := conn.Want(t.Context(), 200, Head("GET", "/", address, "")); err != nil {
			t.Fatal(err)
		}
	}
	if ports[0] != ports[2] {
		t.Errorf("three requests came from %v", ports)
	}
}

func TestAnUnexpectedStatusShowsTheAnswer(t *testing.T) {
	conn, address := serve(t, answers)
	_, err := conn.Want(t.Context(), 200, Head("GET", "/elsewhere", address, ""))
	if err == nil || !strings.Contains(err.Error(), "404") || !strings.Contains(err.Error(), "there is no /elsewhere") {
		t.Errorf("the error is %v", err)
	}
}

func TestARedirectIsFollowedToAnotherServer(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(answers))
	t.Cleanup(other.Close)
	conn, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/large", http.StatusTemporaryRedirect)
	})
	for range 2 {
		if _, err := conn.Want(t.Context(), 307, Head("GET", "/", address, "")); err != nil {
			t.Fatal(err)
		}
		got, err := conn.Follow(t.Context(), 200)
		if err != nil {
			t.Fatal(err)
		}
		if got.Bytes != 3_000_000 {
			t.Errorf("%d bytes", got.Bytes)
		}
	}
	if conn.Received() < 6_000_000 {
		t.Errorf("%d bytes were received", conn.Received())
	}
}

// silent answers so many requests of each connection and then closes it without a word.
func silent(t *testing.T, answered int, response string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test has ended
			}
			in := bufio.NewReader(conn)
			for range answered {
				if _, err := http.ReadRequest(in); err != nil {
					break
				}
				_, _ = io.WriteString(conn, response) // the client sees what is missing
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestAClosedConnectionIsOpenedAgain(t *testing.T) {
	address := silent(t, 2, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	conn := dial(t, Target{Address: address})
	for i := range 7 {
		if _, err := conn.Want(t.Context(), 200, Head("GET", "/", address, "")); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

func TestWhatIsNoWholeAnswerIsAnError(t *testing.T) {
	for name, response := range map[string]string{
		"nothing":             "",
		"no HTTP":             "SSH-2.0-OpenSSH\r\n",
		"a head without end":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
		"a short body":        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
		"a short large body":  "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\no",
		"a chunk without end": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"a bad length":        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
		"a bad chunk":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			address := silent(t, 1, response)
			if got, err := dial(t, Target{Address: address}).Do(t.Context(), Head("GET", "/", address, "")); err == nil {
				t.Errorf("it is taken for %+v", *got)
			}
		})
	}
}

func TestABodyMayEndWithTheConnection(t *testing.T) {
	address := silent(t, 1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nold times")
	conn := dial(t, Target{Address: address})
	for range 2 {
		got, err := conn.Want(t.Context(), 200, Head("GET", "/", address, ""))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bytes != 9 {
			t.Errorf("%d bytes", got.Bytes)
		}
	}
}

func TestOnlyLoopbackIsAsked(t *testing.T) {
	for _, address := range []string{"192.0.2.1:80", "example.com:80", "localhost:80", ""} {
		if _, err := Dial(t.Context(), Target{Address: address}, time.Now()); err == nil || !strings.Contains(err.Error(), "loopback") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTheContextEndsARequest(t *testing.T) {
	arrived, over := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(arrived); <-over }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	where, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	conn, err := Dial(ctx, Target{Address: where.Host}, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Do(ctx, Head("GET", "/", where.Host, "")); err == nil {
		t.Error("an answer came")
	}
}
