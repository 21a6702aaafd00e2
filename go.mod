module github.com/rendition-sdk/rendition

go 1.26

require (
	github.com/Eyevinn/mp4ff v0.56.0
	github.com/stretchr/testify v1.12.1
	go.uber.org/goleak v1.3.0
)

require (
	github.com/Eyevinn/hls-m3u8 v0.6.0 // indirect
	github.com/asticode/go-astiav v0.39.0 // indirect
	github.com/asticode/go-astikit v0.42.0 // indirect
	github.com/grafov/m3u8 v0.12.1 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sync v0.11.0 // indirect
)
