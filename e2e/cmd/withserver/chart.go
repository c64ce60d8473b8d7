package main

// helloChart is in the shape that helm pushes.
func helloChart() (document, error) {
	content, err := pack([]file{
		{"hello/Chart.yaml", "apiVersion: v2\nname: hello\nversion: 0.2.0\nappVersion: v2\ndescription: Says hello from the harbour\n"},
		{"hello/README.md", `# hello

Says hello from the harbour, from as many replicas as you like.

| value | what it does |
| --- | --- |
| replicas | how many say hello |
| greeting | what they say |
`},
		{"hello/values.yaml", `# How many say hello
replicas: 2

image:
  repository: registry.example.com/harbour/team/hello
  tag: v2

greeting: hello from the harbour
`},
		{"hello/templates/deployment.yaml", `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
`},
	})
	return document{
		configType: "application/vnd.cncf.helm.config.v1+json",
		config:     []byte(`{"name":"hello","version":"0.2.0","description":"Says hello from the harbour","apiVersion":"v2","appVersion":"v2","type":"application"}`),
		layerType:  "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
		layer:      content,
	}, err
}
