// Types of authorization details that there are (RFC 9396 §2).
export const DETAIL_TYPES = ["purser_daily_limit"] as const
