// What proofs of possession may be signed with (RFC 9449 §5.1): asymmetric ones alone, never what the token itself says beyond this list.

export const DPOP_ALGS = ["ES256", "EdDSA", "Ed25519", "RS256", "PS256"] as const
