package store_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
)

// t.TempDir is closed to everybody but its owner, as a clone below /root is, so
// these tests as root also prove that the server gets through closed parents.

func TestDataIsKeptFromOneStartToTheNext(t *testing.T) {
	data := t.TempDir()
	b := startBundled(t, data)
	db := openDB(t, b.URL())
	exec1(t, db, "CREATE TABLE kept (n int)")
	exec1(t, db, "INSERT INTO kept VALUES (42)")
	db.Close()
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(t.Context()); err != nil {
		t.Fatalf("a second Stop: %v", err)
	}
	db = openDB(t, startBundled(t, data).URL())
	if n := value[int](t, db, "SELECT n FROM kept"); n != 42 {
		t.Fatalf("n = %d, want 42", n)
	}
}

func TestStopInAHurryLosesNothing(t *testing.T) {
	data := t.TempDir()
	b := startBundled(t, data)
	exec1(t, openDB(t, b.URL()), "CREATE TABLE kept ()")
	hurry, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Stop(hurry); err != nil {
		t.Fatal(err)
	}
	if !value[bool](t, openDB(t, startBundled(t, data).URL()), "SELECT to_regclass('kept') IS NOT NULL") {
		t.Fatal("a committed table is gone")
	}
}

func TestServerIsPrivateAndUnprivileged(t *testing.T) {
	data := t.TempDir()
	db := openDB(t, startBundled(t, data).URL())

	info, err := os.Stat(filepath.Join(data, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode of the data folder is %o, want 700", info.Mode().Perm())
	}
	want := uint32(os.Geteuid())
	if want == 0 {
		want = 65534
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid != want {
		t.Errorf("the data folder belongs to uid %d, want %d", uid, want)
	}
	for setting, want := range map[string]string{
		"listen_addresses": "", "timezone": "UTC", "server_encoding": "UTF8", "logging_collector": "off", "wal_compression": "pglz",
	} {
		if got := value[string](t, db, "SELECT current_setting($1)", setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	if got := value[string](t, db, "SELECT datlocale FROM pg_database WHERE datname = current_database()"); got != "C.UTF-8" {
		t.Errorf("locale = %q, want C.UTF-8", got)
	}
}

func TestNothingOfOurEnvironmentReachesTheServer(t *testing.T) {
	t.Setenv("PGPORT", "1")
	t.Setenv("ROADSTEAD_ADMIN_PASSWORD", "secret")
	data := t.TempDir()
	b := startBundled(t, data)
	openDB(t, b.URL())
	env, err := os.ReadFile("/proc/" + itoa(postmaster(t, data)) + "/environ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(env), "ROADSTEAD") || strings.Contains(string(env), "PGPORT") {
		t.Fatalf("the server's environment is %q", env)
	}
}

func TestServerThatDiesIsStartedAgain(t *testing.T) {
	data := t.TempDir()
	db := openDB(t, startBundled(t, data).URL())
	exec1(t, db, "CREATE TABLE survivor ()")
	first := postmaster(t, data)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server answers under another process id", func() bool {
		return db.Ping(t.Context()) == nil && postmaster(t, data) != first
	})
	if !value[bool](t, db, "SELECT to_regclass('survivor') IS NOT NULL") {
		t.Fatal("a committed table is gone")
	}
}

func TestServerDiesWithAKilledParentAndTheNextOneGoesOn(t *testing.T) {
	data := t.TempDir()
	p := startParent(t, os.Args[0], data, binaries(t), nil)
	conn, err := pgx.Connect(t.Context(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "CREATE TABLE survivor ()"); err != nil {
		t.Fatal(err)
	}
	server := postmaster(t, data)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()

	// At once, while the old server may still be shutting down.
	db := openDB(t, startBundled(t, data).URL())
	if !value[bool](t, db, "SELECT to_regclass('survivor') IS NOT NULL") {
		t.Fatal("a committed table is gone")
	}
	if postmaster(t, data) == server {
		t.Fatal("the old server still runs")
	}
}

func TestServerThatOutlivedItsParentIsStopped(t *testing.T) {
	data := t.TempDir()
	b := startBundled(t, data)
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A server of nobody's: started by hand, as one whose parent's death went unseen.
	folder := filepath.Join(data, "postgres")
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(data), 0o755); err != nil {
		t.Fatal(err)
	}
	orphan := exec.Command(filepath.Join(binariesFor(t, 0o755), "postgres"), "-D", folder, "-c", "listen_addresses=", "-c", "unix_socket_directories="+folder)
	orphan.Dir = "/"
	if os.Geteuid() == 0 {
		st := info.Sys().(*syscall.Stat_t)
		orphan.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
	}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = orphan.Wait(); close(ended) }()
	eventually(t, "the orphan runs", func() bool {
		conn, err := pgx.Connect(t.Context(), b.URL())
		if err != nil {
			return false
		}
		return conn.Close(t.Context()) == nil
	})
	db := openDB(t, startBundled(t, data).URL())
	<-ended
	if value[int](t, db, "SELECT 1") != 1 {
		t.Fatal("the new server does not answer")
	}
}

func TestStalePIDFileOfAnotherProgramIsNoHindrance(t *testing.T) {
	data := t.TempDir()
	if err := startBundled(t, data).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(data, "postgres")
	stale := strings.Join([]string{itoa(os.Getpid()), folder, "1700000000", "5432", folder, "", "  1234567     99999", "ready   ", ""}, "\n")
	if err := os.WriteFile(filepath.Join(folder, "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	openDB(t, startBundled(t, data).URL())
}

func TestSecondServerOnOneFolderIsRefused(t *testing.T) {
	data := t.TempDir()
	startBundled(t, data)
	_, err := store.StartBundled(t.Context(), store.BundledOptions{BinDir: binaries(t), DataDir: data, Log: discard(), Volatile: true})
	wantError(t, err, "another Roadstead (process "+itoa(os.Getpid())+")", data)
}

func TestFoldersThatAreNotOursAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file, content string
		want          []string
	}{
		"data of another major version": {"PG_VERSION", "17\n", []string{"PostgreSQL 17", "PostgreSQL 18", "pg_dump", "ROADSTEAD_DATABASE_URL"}},
		"something else altogether":     {"holiday.jpg", "", []string{"is not empty", "PG_VERSION"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			folder := filepath.Join(data, "postgres")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, c.file), []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.StartBundled(t.Context(), store.BundledOptions{BinDir: binaries(t), DataDir: data, Log: discard(), Volatile: true})
			wantError(t, err, c.want...)
		})
	}
}

func TestFirstStartThatWasCutShortBeginsAgain(t *testing.T) {
	data := t.TempDir()
	half := filepath.Join(data, "postgres.new")
	if err := os.MkdirAll(filepath.Join(half, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	openDB(t, startBundled(t, data).URL())
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Fatalf("the half-made folder is still there (%v)", err)
	}
}

func TestLongPathPutsTheSocketElsewhere(t *testing.T) {
	data := filepath.Join(t.TempDir(), strings.Repeat("long/", 20))
	b := startBundled(t, data)
	openDB(t, b.URL()).Close()
	u, err := url.Parse(b.URL())
	if err != nil {
		t.Fatal(err)
	}
	dir := u.Query().Get("host")
	if strings.HasPrefix(dir, data) {
		t.Fatalf("the socket is in %s", dir)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("the socket's folder is not private: %v %v", info, err)
	}
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Fatalf("the socket's folder is still there (%v)", err)
	}
}

func TestServerThatCannotStartSaysWhy(t *testing.T) {
	data := t.TempDir()
	if err := startBundled(t, data).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "postgres", "postgresql.conf"), []byte("nonsense = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := store.StartBundled(t.Context(), store.BundledOptions{BinDir: binaries(t), DataDir: data, Log: discard(), Volatile: true})
	wantError(t, err, "unrecognized configuration parameter", "nonsense")
}

func TestStartIsBoundedByItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := store.StartBundled(ctx, store.BundledOptions{BinDir: binaries(t), DataDir: t.TempDir(), Log: discard(), Volatile: true})
	wantError(t, err, "context canceled")
}

// Not as root, the server runs under the caller's own uid.
func TestServerRunsAsAnOrdinaryUser(t *testing.T) {
	bin := binariesFor(t, 0o755)
	home := filepath.Dir(filepath.Dir(bin))
	program := filepath.Join(home, "store.test")
	content, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, content, 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(home, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	var as *syscall.Credential
	uid := uint32(os.Geteuid())
	if uid == 0 {
		uid = 1 // daemon, on every Debian
		as = &syscall.Credential{Uid: uid, Gid: uid}
		if err := os.Chown(data, int(uid), int(uid)); err != nil {
			t.Fatal(err)
		}
	}
	p := startParent(t, program, data, bin, as)
	conn, err := pgx.Connect(t.Context(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
	info, err := os.Stat("/proc/" + itoa(postmaster(t, data)))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Sys().(*syscall.Stat_t).Uid; got != uid {
		t.Errorf("the server runs as uid %d, want %d", got, uid)
	}
	_ = p.stdin.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
	// Started as root later, it goes on as the owner of its data.
	if os.Geteuid() == 0 {
		startBundled(t, data)
		info, err := os.Stat("/proc/" + itoa(postmaster(t, data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Sys().(*syscall.Stat_t).Uid; got != uid {
			t.Errorf("under root the server runs as uid %d, want the owner of the data, %d", got, uid)
		}
	}
}
