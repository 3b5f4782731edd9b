// The response headers that may reach the agent. Written by a test of
// agent/redact, which keeps the list; change it there.

/** Lower-case field names; a name ending in "*" stands for all that begin so. */
export const headerNames = Object.freeze([
  "aesecure-code", "age", "akamai-*", "allow", "aspa-cache-status", "cache-control",
  "cf-access*", "cf-apo-via", "cf-cache-status", "cf-chl*", "cf-edge-cache", "cf-mitigated",
  "cf-ray", "cf-team", "connection", "content-encoding", "content-language", "content-length",
  "content-location", "content-type", "date", "docker-distribution-api-version", "error_uid", "expires",
  "kbn-*", "location", "microsoftsharepointteamservices", "mime-version", "p3p", "powered-by-chinacache",
  "pragma", "proxy-authenticate", "proxy-connection", "proxy-status", "ratelimit*", "request-id",
  "retry-after", "sap-*", "server", "server-timing", "set-cookie", "sfdc-*",
  "sg-captcha", "sprequestduration", "sprequestguid", "status", "transfer-encoding", "vary",
  "via", "warning", "www-authenticate", "x-403-status-by", "x-accepted-oauth-scopes", "x-akamai*",
  "x-akamai-request-id", "x-amz-bucket-region", "x-amz-cf-id", "x-amz-cf-pop", "x-amz-error*", "x-amz-id-2",
  "x-amz-request-id", "x-amzn-errortype", "x-amzn-requestid", "x-amzn-trace-id", "x-amzn-waf*", "x-arequestid",
  "x-aspnet*", "x-authentication-denied-reason", "x-azure-externalerror", "x-azure-ref*", "x-azure-socketip", "x-b3-traceid",
  "x-backend*", "x-binarysec*", "x-block*", "x-bluecoat*", "x-cache*", "x-cachewall*",
  "x-cdn*", "x-correlation-id", "x-correlationid", "x-data-origin", "x-datadome*", "x-dd-*",
  "x-denied*", "x-deny*", "x-dis-request-id", "x-distil*", "x-dotdefender*", "x-drupal*",
  "x-elastic*", "x-engine", "x-envoy*", "x-error*", "x-fastly-request-id", "x-fd-*",
  "x-firewall*", "x-forbidden*", "x-forms_based_auth*", "x-frame-options", "x-generator", "x-github-media-type",
  "x-github-otp", "x-github-request-id", "x-gitlab*", "x-goog*", "x-guploader-uploadid", "x-hudson*",
  "x-iinfo", "x-iis*", "x-influxdb-version", "x-jenkins*", "x-kpsdk*", "x-kubernetes*",
  "x-litespeed*", "x-luci-login-required", "x-mashery*", "x-mod-pagespeed", "x-moose", "x-ms-*",
  "x-ms-correlation-request-id", "x-ms-ests-server", "x-ms-request-id", "x-ms-routing-request-id", "x-msdavext_error", "x-msedge*",
  "x-n", "x-nextcloud*", "x-oauth-scopes", "x-okta-request-id", "x-owa-error", "x-permission-implied-by",
  "x-pingback", "x-pint", "x-pomerium-intercepted-response", "x-powered-by*", "x-protected-by", "x-px*",
  "x-rate-limit*", "x-ratelimit*", "x-reason*", "x-redirect-by", "x-reference-error", "x-request-id",
  "x-requestid", "x-required-permission", "x-runtime", "x-sap*", "x-seraph*", "x-served-by",
  "x-servedby", "x-server*", "x-sfdc*", "x-sharepointhealthscore", "x-sl-compstate", "x-squid*",
  "x-sucuri*", "x-sucuri-id", "x-trace-id", "x-turbo-charged-by", "x-ua-compatible", "x-varnish*",
  "x-vercel*", "x-vercel-id", "x-vmware-vcloud-request-id", "x-waf*", "x-wordfence*", "x-wp*",
  "x-ws-ratelimit*", "x-you-*", "x-zen-fury", "x-zscaler*",
]);

/** No name is let in by its beginning alone when it says that it carries a secret. */
export const secretName = /token|secret|passw|cookie|session|jwt|assertion|signature|principal|user|account|mail|-key|authori/;
