package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket says where a lake lies in S3, or in something that speaks as S3 does, and who asks.
type Bucket struct {
	Name, Prefix string
	Endpoint     string // URL of the server; empty: Amazon's
	Region       string
	AccessKey    string
	SecretKey    string
	SessionToken string
}

// ErrEndpoint says that the address of the S3 server is none. The address itself stays out of it.
var ErrEndpoint = errors.New("the endpoint must be http:// or https:// and a host")

// BucketError says what an S3 server did not do.
type BucketError struct {
	What   string // read, list, write or remove
	Code   string // the server's own: NoSuchBucket, AccessDenied …; empty where no answer came
	Status int    // of HTTP; 0 where no answer came
	err    error
}

func (e *BucketError) Error() string {
	if e.Code == "" {
		return e.What + ": no answer: " + e.err.Error()
	}
	return fmt.Sprintf("%s: %s (%d)", e.What, e.Code, e.Status)
}

func (e *BucketError) Unwrap() error { return e.err }

// lakeBucket is a lake in a bucket.
type lakeBucket struct {
	bucket Bucket
	client *minio.Client
	aside  string
}

// LakeBucket gives the lake in a bucket; there need be none yet, but the bucket must be there. Errors: ErrEndpoint.
func LakeBucket(b Bucket) (LakeTarget, error) {
	host, secure, lookup := "s3.amazonaws.com", true, minio.BucketLookupAuto
	if b.Endpoint != "" {
		u, err := url.Parse(b.Endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
			return nil, ErrEndpoint
		}
		host, secure, lookup = u.Host, u.Scheme == "https", minio.BucketLookupPath
	}
	client, err := minio.New(host, &minio.Options{Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, b.SessionToken),
		Secure: secure, Region: b.Region, BucketLookup: lookup, MaxRetries: 4})
	if err != nil {
		return nil, ErrEndpoint
	}
	return &lakeBucket{bucket: b, client: client}, nil
}

func (b *lakeBucket) key(at string) string { return path.Join(b.bucket.Prefix, at) }

func (b *lakeBucket) open(ctx context.Context) (*Manifest, string, error) {
	old, err := b.manifest(ctx, manifestPath)
	if err != nil {
		return nil, "", err
	}
	plan, err := b.manifest(ctx, planPath)
	if err != nil {
		return nil, "", err
	}
	sizes, err := b.sizes(ctx)
	if err != nil {
		return nil, "", err
	}
	if old == nil && plan == nil && len(sizes) > 0 {
		return nil, "", ErrNotALake // an export drops objects: not those of others
	}
	old = old.doubted(plan)
	old.doubt(func(f ManifestFile) bool { return sizes[f.Path] == f.Bytes })
	b.aside, err = os.MkdirTemp("", "crywolf-lake-*") // mode 0700
	return old, b.aside, err
}

func (b *lakeBucket) local(string) string { return "" }

// manifest reads one of the two manifests; nil where there is none.
func (b *lakeBucket) manifest(ctx context.Context, at string) (*Manifest, error) {
	object, err := b.client.GetObject(ctx, b.bucket.Name, b.key(at), minio.GetObjectOptions{})
	if err != nil {
		return nil, b.failed("read", err)
	}
	defer object.Close()
	text, err := io.ReadAll(object)
	switch {
	case err == nil:
		return decodeManifest(text)
	case minio.ToErrorResponse(err).Code == minio.NoSuchKey:
		return nil, nil
	}
	return nil, b.failed("read", err)
}

// sizes gives the objects below the prefix.
func (b *lakeBucket) sizes(ctx context.Context) (map[string]int64, error) {
	prefix := ""
	if b.bucket.Prefix != "" {
		prefix = b.bucket.Prefix + "/"
	}
	sizes := map[string]int64{}
	for o := range b.client.ListObjects(ctx, b.bucket.Name, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return nil, b.failed("list", o.Err)
		}
		sizes[strings.TrimPrefix(o.Key, prefix)] = o.Size
	}
	return sizes, nil
}

// commit notes what it is about to do, puts the new files, drops the others, and puts the manifest. Of an export that is
// cut off the note stays, and the next one writes again whatever it may have touched.
func (b *lakeBucket) commit(ctx context.Context, next *Manifest, written, dropped []string) error {
	text, err := next.encode()
	if err != nil {
		return err
	}
	if err := b.put(ctx, planPath, text); err != nil {
		return err
	}
	for _, at := range written {
		file := filepath.Join(b.aside, filepath.FromSlash(at))
		_, err := b.client.FPutObject(ctx, b.bucket.Name, b.key(at), file, minio.PutObjectOptions{ContentType: "application/vnd.apache.parquet"})
		if err != nil {
			return b.failed("write", err)
		}
	}
	for _, at := range dropped {
		if err := b.remove(ctx, at); err != nil {
			return err
		}
	}
	if err := b.put(ctx, manifestPath, text); err != nil {
		return err
	}
	return b.remove(ctx, planPath)
}

func (b *lakeBucket) put(ctx context.Context, at string, text []byte) error {
	_, err := b.client.PutObject(ctx, b.bucket.Name, b.key(at), bytes.NewReader(text), int64(len(text)), minio.PutObjectOptions{ContentType: "application/json"})
	if err != nil {
		return b.failed("write", err)
	}
	return nil
}

func (b *lakeBucket) remove(ctx context.Context, at string) error {
	if err := b.client.RemoveObject(ctx, b.bucket.Name, b.key(at), minio.RemoveObjectOptions{}); err != nil {
		return b.failed("remove", err)
	}
	return nil
}

func (b *lakeBucket) close() error {
	if b.aside == "" {
		return nil
	}
	return os.RemoveAll(b.aside)
}

// failed hides the server's words, which may repeat what it was sent, and keeps its code.
func (b *lakeBucket) failed(what string, err error) error {
	answer := minio.ToErrorResponse(err)
	for _, secret := range []string{b.bucket.SecretKey, b.bucket.SessionToken, b.bucket.AccessKey} {
		err = hideToken(err, secret)
	}
	return &BucketError{What: what, Code: answer.Code, Status: answer.StatusCode, err: err}
}
