// For tests of TLS: a certificate that only they believe.
/** A certificate for good.example.com that ends in 2126; it proves nothing to anybody else. */
export const CERT = `-----BEGIN CERTIFICATE-----
MIIBkzCCATigAwIBAgIUBONrMpzrLvMNUa90FFaymawo7iYwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjYxMzM5MDJaGA8yMTI2MTEwMjEzMzkw
MlowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEim
uO5LQ3mwCdfpoPDmJXGFxRM3mrrOZKQjUBeEBHQniaOOmaxq0o5ZD1M/vxxRpnN4
JBpgxXrBg5vVsDb7wKijcDBuMB0GA1UdDgQWBBSLyvIhXUh4wezzq3oDTNvVJ8qo
nTAfBgNVHSMEGDAWgBSLyvIhXUh4wezzq3oDTNvVJ8qonTAPBgNVHRMBAf8EBTAD
AQH/MBsGA1UdEQQUMBKCEGdvb2QuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSQAw
RgIhAJSaMzeM0uzkKR5ST6sAqqIOI2ONMu6s+P6XpV9s+C8MAiEA/n0EA2ZfzlFt
s/CBtPtKsGVyx6CfvJscAbDD2fAK35Q=
-----END CERTIFICATE-----
`
/** Of that certificate. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0s+jWIt6clxrPrqu
6KWeTDKP7Vi8Cn4PidYxQHFK9lehRANCAARIprjuS0N5sAnX6aDw5iVxhcUTN5q6
zmSkI1AXhAR0J4mjjpmsatKOWQ9TP78cUaZzeCQaYMV6wYOb1bA2+8Co
-----END PRIVATE KEY-----
`
