// The name of the grant by which devices fetch their tokens (RFC 8628 §3.4).
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
