package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/minio/minio-go/v7"
)

const bucketSecret = "aws/secretThatNobodyMayEverSee"

// fakeS3 is an S3 server in this process, with one bucket. It keeps the changes that it was asked for, and refuses those
// that refuse says.
type fakeS3 struct {
	Bucket
	mu      sync.Mutex
	changes []string
	refuse  func(change string) int // an HTTP status, or 0
}

func newFakeS3(t *testing.T) *fakeS3 {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("oncall"); err != nil {
		t.Fatal(err)
	}
	s := &fakeS3{}
	inner := gofakes3.New(backend).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut || r.Method == http.MethodDelete {
			change := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/oncall/deep/lake/")
			s.mu.Lock()
			s.changes = append(s.changes, change)
			refuse := s.refuse
			s.mu.Unlock()
			if refuse != nil && refuse(change) > 0 {
				w.WriteHeader(refuse(change))
				w.Write([]byte(`<Error><Code>AccessDenied</Code><Message>not with ` + bucketSecret + ` nor ` + r.Header.Get("Authorization") + `</Message></Error>`))
				return
			}
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	s.Bucket = Bucket{Name: "oncall", Prefix: "deep/lake", Endpoint: srv.URL, Region: "eu-central-1", AccessKey: "AKIDexample", SecretKey: bucketSecret}
	return s
}

// made gives what was changed since the last time, and forgets it.
func (s *fakeS3) made() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	made := s.changes
	s.changes = nil
	return made
}

func (s *fakeS3) target(t *testing.T) LakeTarget {
	t.Helper()
	target, err := LakeBucket(s.Bucket)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// download copies the bucket into a new directory, as aws s3 sync does.
func (s *fakeS3) download(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	client := s.target(t).(*lakeBucket).client
	for o := range client.ListObjects(context.Background(), s.Name, minio.ListObjectsOptions{Prefix: s.Prefix + "/", Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		at := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(o.Key, s.Prefix+"/")))
		if err := makePrivate(filepath.Dir(at)); err != nil {
			t.Fatal(err)
		}
		if err := client.FGetObject(context.Background(), s.Name, o.Key, at, minio.GetObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestALakeInABucketIsTheSame(t *testing.T) {
	st, s, dir := syncedStore(t), newFakeS3(t), t.TempDir()
	mustExport(t, st, s.target(t), LakeOptions{})
	made := s.made()
	if last := made[len(made)-2:]; last[0] != "PUT _crywolf/manifest.json" || last[1] != "DELETE _crywolf/next.json" {
		t.Errorf("the last changes are %v", last)
	}
	mustExport(t, st, s.target(t), LakeOptions{})
	if made := s.made(); len(made) > 0 {
		t.Errorf("an export of the same changed %v", made)
	}
	changeFacts(t, st)
	month := one(t, st, "SELECT strftime(min(created_at), '%Y-%m') FROM incidents")
	mustExport(t, st, s.target(t), LakeOptions{})
	made = s.made()
	if !slices.Contains(made, "DELETE log_entries/month="+month+"/log_entries.parquet") || slices.ContainsFunc(made, func(c string) bool { return strings.Contains(c, "users") }) {
		t.Errorf("changes: %v", made)
	}
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	copied := s.download(t)
	if diff := changedFiles(files(t, dir), files(t, copied)); len(diff) > 0 {
		t.Errorf("a directory's lake and a bucket's differ: %v", diff)
	}
	if diff := cmp.Diff(lakeRows(t, st, ", 'raw', 'name'"), lakeRows(t, openLake(t, copied), ", 'raw', 'name'")); diff != "" {
		t.Errorf("the copy (-database +lake):\n%s", diff)
	}
}

// TestACutOffExportIntoABucketIsMadeUpFor refuses each change of an export in turn. What it left is written again, also
// where the database has meanwhile gone back to what the old manifest says: names must not stay in a file that the
// next export, without names, takes for its own.
func TestACutOffExportIntoABucketIsMadeUpFor(t *testing.T) {
	st := syncedStore(t)
	counted := newFakeS3(t)
	mustExport(t, st, counted.target(t), LakeOptions{})
	first := counted.made()
	mustExport(t, st, counted.target(t), LakeOptions{Names: true})
	steps := counted.made()
	if len(first) < 10 || !slices.Contains(steps, "PUT users/users.parquet") || slices.Contains(steps, "PUT teams/teams.parquet") {
		t.Fatalf("%d and %v", len(first), steps)
	}
	want := t.TempDir()
	mustExport(t, st, LakeDirectory(want), LakeOptions{})
	for i := range steps {
		s := newFakeS3(t)
		mustExport(t, st, s.target(t), LakeOptions{})
		s.made()
		refused := steps[i]
		s.refuse = func(change string) int {
			if change == refused {
				return http.StatusForbidden
			}
			return 0
		}
		_, err := ExportLake(context.Background(), st.DB(), s.target(t), LakeOptions{Names: true})
		var bucket *BucketError
		if !errors.As(err, &bucket) || bucket.Status != http.StatusForbidden || bucket.Code != "AccessDenied" {
			t.Fatalf("%s: got %v", refused, err)
		}
		if text := fmt.Sprintf("%v %+v", err, bucket.err); strings.Contains(text, bucketSecret) || strings.Contains(text, "AKIDexample") {
			t.Errorf("the error says the secret: %s", text)
		}
		s.refuse = nil
		mustExport(t, st, s.target(t), LakeOptions{})
		if diff := changedFiles(files(t, want), files(t, s.download(t))); len(diff) > 0 {
			t.Errorf("after %s was refused the next export left %v", refused, diff)
		}
	}
}

func TestABucketOfOthersIsLeftAlone(t *testing.T) {
	st, s := syncedStore(t), newFakeS3(t)
	client := s.target(t).(*lakeBucket).client
	if _, err := client.PutObject(context.Background(), s.Name, "deep/lake/thesis.txt", strings.NewReader("mine"), 4, minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	s.made()
	if _, err := ExportLake(context.Background(), st.DB(), s.target(t), LakeOptions{}); !errors.Is(err, ErrNotALake) {
		t.Errorf("got %v", err)
	}
	if made := s.made(); len(made) > 0 {
		t.Errorf("%v", made)
	}
	s.Name = "nowhere"
	var bucket *BucketError
	if _, err := ExportLake(context.Background(), st.DB(), s.target(t), LakeOptions{}); !errors.As(err, &bucket) || bucket.Code != "NoSuchBucket" {
		t.Errorf("no bucket: got %v", err)
	}
	for _, endpoint := range []string{"ftp://x", "host:9000", "http://", "http://a/path"} {
		s.Endpoint = endpoint
		if _, err := LakeBucket(s.Bucket); !errors.Is(err, ErrEndpoint) {
			t.Errorf("%s: got %v", endpoint, err)
		}
	}
}
