package instagram_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"pgregory.net/rapid"
)

func TestVerify(t *testing.T) {
	body := []byte(`{"object":"instagram","text":"\u00e4\/"}`)
	secret, other := []byte("app secret"), []byte("the other one")
	good := instagram.Sign(body, secret)
	for name, c := range map[string]struct {
		body    []byte
		header  string
		secrets [][]byte
		want    error
	}{
		"right":                        {body, good, [][]byte{secret}, nil},
		"the second secret":            {body, good, [][]byte{other, secret}, nil},
		"the first of two":             {body, good, [][]byte{secret, other}, nil},
		"upper-case digits":            {body, "sha256=" + strings.ToUpper(good[7:]), [][]byte{secret}, nil},
		"an empty body":                {nil, instagram.Sign(nil, secret), [][]byte{secret}, nil},
		"another secret":               {body, good, [][]byte{other}, instagram.ErrSignatureWrong},
		"another body":                 {append(body, ' '), good, [][]byte{secret}, instagram.ErrSignatureWrong},
		"missing":                      {body, "", [][]byte{secret}, instagram.ErrSignatureMissing},
		"SHA-1":                        {body, "sha1=" + strings.Repeat("0", 40), [][]byte{secret}, instagram.ErrSignatureMalformed},
		"no prefix":                    {body, good[7:], [][]byte{secret}, instagram.ErrSignatureMalformed},
		"too short":                    {body, good[:70], [][]byte{secret}, instagram.ErrSignatureMalformed},
		"too long":                     {body, good + "00", [][]byte{secret}, instagram.ErrSignatureMalformed},
		"a list":                       {body, good + "," + good, [][]byte{secret}, instagram.ErrSignatureMalformed},
		"not hexadecimal":              {body, "sha256=" + strings.Repeat("g", 64), [][]byte{secret}, instagram.ErrSignatureMalformed},
		"no secret":                    {body, good, nil, instagram.ErrNoSecret},
		"an empty secret":              {body, instagram.Sign(body, nil), [][]byte{nil}, instagram.ErrNoSecret},
		"an empty one beside the good": {body, good, [][]byte{secret, {}}, instagram.ErrNoSecret},
	} {
		if got := instagram.Verify(c.body, c.header, c.secrets); !errors.Is(got, c.want) || got != nil && strings.Contains(got.Error(), good[7:]) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// TestSign holds our signature against the one of openssl dgst -sha256 -hmac.
func TestSign(t *testing.T) {
	const want = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
	if got := instagram.Sign([]byte("The quick brown fox jumps over the lazy dog"), []byte("key")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestVerifyNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body, secret := rapid.SliceOf(rapid.Byte()).Draw(t, "body"), rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "secret")
		header := instagram.Sign(body, secret)
		if err := instagram.Verify(body, header, [][]byte{secret}); err != nil {
			t.Fatal(err)
		}
		changed := []byte(header)
		i := rapid.IntRange(0, len(changed)-1).Draw(t, "place")
		changed[i] ^= 1 << rapid.IntRange(0, 4).Draw(t, "bit")
		if err := instagram.Verify(body, string(changed), [][]byte{secret}); err == nil {
			t.Fatalf("%s was accepted for %s", changed, header)
		}
	})
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("body"), instagram.Sign([]byte("body"), []byte("secret")))
	f.Add([]byte(""), "sha256=")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		err := instagram.Verify(body, header, [][]byte{[]byte("secret")})
		right := strings.EqualFold(header, instagram.Sign(body, []byte("secret"))) && strings.HasPrefix(header, "sha256=")
		if (err == nil) != right {
			t.Fatalf("%q: %v", header, err)
		}
	})
}
