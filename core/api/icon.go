package api

import (
	"context"
	"embed"
	"encoding/base64"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

//go:embed icons/*.svg
var icons embed.FS

// The digests by which clients ask for a picture. Where Harbor has one of the kind
// it is Harbor's, which clients know, though the picture is ours; else the
// picture's own.
const (
	iconImage     = "sha256:0048162a053eef4d4ce3fe7518615bef084403614f8bca43b40ae2e762e11e06"
	iconChart     = "sha256:61cf3a178ff0f75bf08a25d96b75cf7355dc197749a9f128ed3ef34b0df05518"
	iconCNAB      = "sha256:089bdda265c14d8686111402c8ad629e8177a1ceb7dcd0f7f39b6480f623b3bd"
	iconWASM      = "sha256:badd7693bcaf115be202748241dd0ea6ee3b0524bfab9ac22d1e1c43721afec6"
	iconSignature = "sha256:20401d5b3a0f6dbc607c8d732eb08471af4ae6b19811a4efce8c6a724aed2882"
	iconNydus     = "sha256:dfcb6617cd9c144358dc1b305b87bbe34f0b619f1e329116e6aee2e41f2e34cf"
	iconUnknown   = "sha256:da834479c923584f4cbcdecc0dac61f32bef1d51e8aae598cf16bd154efab49f"
	iconModel     = "sha256:d154c6267a6a2fb1d76e839f84c9de4862d90254d11ab9129ff32de1ee3724b2"
	iconSBOM      = "sha256:3f03f6e5f2117469f49ea9ed67612fa83a64827955763cf3a48ca909c94b1c2c"
)

// iconOf is the picture of an artifact of a kind.
func iconOf(k oci.Kind) string {
	switch k {
	case oci.KindImage, oci.KindIndex, oci.KindNydus:
		return iconImage
	case oci.KindChart:
		return iconChart
	case oci.KindCNAB:
		return iconCNAB
	case oci.KindWASM:
		return iconWASM
	case oci.KindModel:
		return iconModel
	case oci.KindSignature:
		return iconSignature
	case oci.KindSBOM, oci.KindAttestation:
		return iconSBOM
	case oci.KindOther:
	}
	return iconUnknown
}

// accessoryIcon is that of an accessory. Of one whose type says nothing Harbor has
// none either.
func accessoryIcon(accessoryType string) string {
	switch accessoryType {
	case oci.AccessoryCosign, oci.AccessoryNotation:
		return iconSignature
	case oci.AccessoryNydus:
		return iconNydus
	case oci.AccessorySBOM:
		return iconSBOM
	}
	return ""
}

func iconFile(digest string) string {
	switch digest {
	case iconImage:
		return "image"
	case iconChart:
		return "chart"
	case iconCNAB:
		return "cnab"
	case iconWASM:
		return "wasm"
	case iconSignature:
		return "signature"
	case iconNydus:
		return "nydus"
	case iconUnknown:
		return "unknown"
	case iconModel:
		return "model"
	case iconSBOM:
		return "sbom"
	}
	return ""
}

// Icon is a picture.
type Icon struct {
	Content     string `json:"content" doc:"Base64"`
	ContentType string `json:"content-type"`
}

func (s *server) getIcon(_ context.Context, in *struct {
	Digest string `path:"digest"`
}) (*struct{ Body Icon }, error) {
	file := iconFile(in.Digest)
	if file == "" {
		return nil, fault.NotFound("icon %.80s not found: ask for one that an artifact names", in.Digest)
	}
	svg, err := icons.ReadFile("icons/" + file + ".svg")
	if err != nil {
		return nil, fmt.Errorf("icon %s: %w", file, err)
	}
	return &struct{ Body Icon }{Icon{Content: base64.StdEncoding.EncodeToString(svg), ContentType: "image/svg+xml"}}, nil
}
