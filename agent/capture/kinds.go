package capture

import "strings"

// resourceTypes turns the types of the DevTools protocol
// (https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-ResourceType),
// as Chromium writes them, into those of webRequest.
var resourceTypes = map[string]string{
	"document": "main_frame", "stylesheet": "stylesheet", "image": "image", "media": "media", "font": "font",
	"script": "script", "texttrack": "media", "xhr": "xmlhttprequest", "fetch": "xmlhttprequest", "eventsource": "xmlhttprequest",
	"websocket": "websocket", "manifest": "web_manifest", "ping": "ping", "cspviolationreport": "csp_report",
	"preflight": "xmlhttprequest", "other": "other",
}

// destinations turns Sec-Fetch-Dest (https://www.w3.org/TR/fetch-metadata/)
// into the browsers' resource types.
var destinations = map[string]string{
	"document": "main_frame", "iframe": "sub_frame", "frame": "sub_frame", "image": "image", "font": "font", "script": "script",
	"style": "stylesheet", "audio": "media", "video": "media", "track": "media", "object": "object", "embed": "object",
	"manifest": "web_manifest", "report": "csp_report", "websocket": "websocket", "worker": "script", "serviceworker": "script",
	"sharedworker": "script", "empty": "xmlhttprequest",
}

// resourceType is what the capture says, or what the request and the answer
// give away. Chromium calls a frame a document like the page around it.
func (x *exchange) resourceType() string {
	dest := destinations[strings.ToLower(x.request.get("sec-fetch-dest"))]
	switch {
	case dest == "sub_frame":
		return dest
	case x.kind != "" && x.kind != "other":
		return x.kind
	case dest != "":
		return dest
	case x.kind != "":
		return x.kind
	}
	accept, content := strings.ToLower(x.request.get("accept")), strings.ToLower(x.response.get("content-type"))
	switch {
	case strings.EqualFold(x.request.get("x-requested-with"), "xmlhttprequest"):
		return "xmlhttprequest"
	case strings.EqualFold(x.request.get("upgrade"), "websocket"):
		return "websocket"
	case strings.Contains(accept, "text/html"):
		return "main_frame"
	case strings.HasPrefix(accept, "image/"):
		return "image"
	case strings.HasPrefix(accept, "text/css"):
		return "stylesheet"
	case strings.HasPrefix(accept, "application/font"), strings.HasPrefix(content, "font/"):
		return "font"
	case strings.HasPrefix(content, "image/"):
		return "image"
	case strings.HasPrefix(content, "text/css"):
		return "stylesheet"
	case strings.Contains(content, "javascript"):
		return "script"
	case strings.Contains(accept, "json"), strings.Contains(content, "json"):
		return "xmlhttprequest"
	case x.browser && accept != "": // a browser asks for a page with text/html
		return "xmlhttprequest"
	}
	return "main_frame"
}
