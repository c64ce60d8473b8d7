package remote

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

// The first two are of AWS's documentation (IAM User Guide and its test suite, get-vanilla).
func TestSignaturesAreThoseOfAmazonsExamples(t *testing.T) {
	now := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	const keyID, secret = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	for _, test := range []struct {
		name, method, url, service string
		header                     http.Header
		body                       string
		want                       string
	}{
		{
			"ListUsers of IAM", http.MethodGet, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", "iam",
			http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}, "",
			"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
		},
		{
			"get-vanilla", http.MethodGet, "https://example.amazonaws.com/", "service", http.Header{}, "",
			"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
		},
		{
			"post-x-www-form-urlencoded", http.MethodPost, "https://example.amazonaws.com/", "service",
			http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, "Param1=value1",
			"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			at, err := url.Parse(test.url)
			if err != nil {
				t.Fatal(err)
			}
			sigV4{dialect: dialectOfAWS(), keyID: keyID, secret: secret, region: "us-east-1", service: test.service}.sign(test.method, at, test.header, []byte(test.body), now)
			if got := test.header.Get("Authorization"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// The example of https://cloud.tencent.com/document/api/213/30654
func TestASignatureIsThatOfTencentsExample(t *testing.T) {
	body := `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	got := tc3("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", "cvm.tencentcloudapi.com", "application/json; charset=utf-8", []byte(body), time.Unix(1551113065, 0))
	const want = "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The example of https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
func TestASignatureIsThatOfAlibabasExample(t *testing.T) {
	at, err := url.Parse("https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai")
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	acs3("YourAccessKeyId", "YourAccessKeySecret", http.MethodPost, at, h, nil, "RunInstances", "2014-05-26", "3156853299f313e23d1673dc12e1703d", time.Date(2023, 10, 26, 10, 22, 32, 0, time.UTC))
	const want = "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := h.Get("Authorization"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The example of https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-002.html
func TestASignatureIsThatOfHuaweisExample(t *testing.T) {
	at, err := url.Parse("https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0")
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{"Content-Type": {"application/json"}}
	sdkHMAC("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc", http.MethodGet, at, h, nil, time.Date(2019, 11, 15, 3, 36, 55, 0, time.UTC))
	const want = "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
	if got := h.Get("Authorization"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The examples of https://www.volcengine.com/docs/6369/67270 and, with a body, 67269
func TestSignaturesAreThoseOfVolcenginesExamples(t *testing.T) {
	for _, test := range []struct {
		method, url, service, body string
		now                        time.Time
		want                       string
	}{
		{
			http.MethodGet, "https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01&Limit=10&Offset=0", "iam", "", time.Date(2024, 6, 19, 7, 13, 6, 0, time.UTC),
			"20240619/cn-beijing/iam/request, SignedHeaders=host;x-date, Signature=e31c4558bcfe08a286001f59cedbf0791ffd0b2362f10e55ee2627467bcdde93",
		},
		{
			http.MethodPost, "https://billing.volcengineapi.com/?Action=ListBill&Version=2022-01-01", "billing", `{"Limit":10,"BillPeriod":"2023-08"}`, time.Date(2025, 3, 29, 18, 9, 37, 0, time.UTC),
			"20250329/cn-beijing/billing/request, SignedHeaders=host;x-date, Signature=5e8480ceea12d0000a23c054151c50dd02c1a7dec835004057d19f13d53a7658",
		},
	} {
		at, err := url.Parse(test.url)
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		const keyID, secret = "AKLTYWViMTVmZGYzM2E0NDI5Mzk2MDZjNjFmMjc2MjRjMzg", "WkRZeE1EQmxPVGhsWWpWak5HVmtNbUUxTXpZeU9UVXlOMlE1TmpZeVlqTQ=="
		sigV4{dialect: dialectOfVolcengine(), keyID: keyID, secret: secret, region: "cn-beijing", service: test.service}.sign(test.method, at, h, []byte(test.body), test.now)
		if got, want := h.Get("Authorization"), "HMAC-SHA256 Credential="+keyID+"/"+test.want; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestChallengesAreRead(t *testing.T) {
	for text, want := range map[string]challenge{
		`Bearer realm="https://a/token",service="a",scope="repository:x:pull"`:     {realm: "https://a/token", service: "a", scope: "repository:x:pull"},
		`bearer realm=https://a/token`:                                             {realm: "https://a/token"},
		`Basic realm="a \"registry\", in memory"`:                                  {basic: true, realm: `a "registry", in memory`},
		`Negotiate abc==, Basic realm="x", Bearer realm="https://b/t",service="s"`: {realm: "https://b/t", service: "s"},
	} {
		if got, ok := readChallenge([]string{text}); !ok || got != want {
			t.Errorf("%s: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "Negotiate", `Digest realm="x"`, `Bearer service="no realm"`, `"`, "=", `Bearer realm="`, ",,,"} {
		if got, ok := readChallenge([]string{text}); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(`Bearer realm="https://a/token",service="a",scope="repository:x:pull"`)
	f.Add(`Negotiate abc==, Basic realm="x"`)
	f.Fuzz(func(_ *testing.T, text string) { _, _ = readChallenge([]string{text}) })
}

func FuzzLink(f *testing.F) {
	f.Add(`</v2/a/tags/list?last=b&n=1>; rel="next", <x>; rel=prev`)
	f.Fuzz(func(_ *testing.T, text string) { _ = nextLink([]string{text}) })
}

func TestLinksAreRead(t *testing.T) {
	for text, want := range map[string]string{
		`</v2/a/tags/list?last=b&n=1>; rel="next"`: "/v2/a/tags/list?last=b&n=1",
		`<x>; rel=prev, <y>; rel=next`:             "y",
		`<x>; rel="prev"`:                          "",
		`x; rel="next"`:                            "",
		`<x`:                                       "",
	} {
		if got := nextLink([]string{text}); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestPatternsTellWhichNamespacesTheyCanHave(t *testing.T) {
	for _, test := range []struct {
		patterns []string
		want     []string
		ok       bool
	}{
		{nil, nil, false},
		{[]string{"library/**", "team/app", "team/x"}, []string{"library", "team"}, true},
		{[]string{"**"}, nil, false},
		{[]string{"team/*", "{a,b}/**"}, nil, false},
		{[]string{"l?b/x"}, nil, false},
	} {
		got, ok := namespaces(test.patterns)
		if ok != test.ok || !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, %v", test.patterns, got, ok)
		}
	}
}
