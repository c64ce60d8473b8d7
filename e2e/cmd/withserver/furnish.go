package main

import (
	"context"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// furnish makes what a suite wants to find: a project for the conformance suite, and one with a chart and two versions of an
// image, the newer with a signature and an SBOM. The image is pushed last: it leads the list of newest pushes.
func furnish(ctx context.Context, admin harness.API, dir string) error {
	for _, project := range []string{"conformance", "harbour"} {
		if err := admin.CreateProject(ctx, project, false); err != nil {
			return err
		}
	}
	chart, err := helloChart()
	if err != nil {
		return err
	}
	if err := chart.push(ctx, admin, "harbour/charts/hello", "0.2.0"); err != nil {
		return err
	}
	const image = "harbour/team/hello"
	for _, v := range versions() {
		index, err := v.index(ctx, dir)
		if err != nil {
			return err
		}
		if err := admin.PushIndex(ctx, image+":"+v.tag, index); err != nil {
			return err
		}
		if v.signed {
			if err := attach(ctx, admin, image, index); err != nil {
				return err
			}
		}
	}
	return nil
}
