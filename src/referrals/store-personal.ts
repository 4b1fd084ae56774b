// What `referrals` has of a person: their link, whom they brought and who brought them, by number, and marks that nobody can read.
import type { Personal } from "../part/index.ts"

const NUMBER = { stays: "numbers that the books name: for whom somebody was given credits" }
const HASHED = { stays: "keyed hashes, for a year: so that nobody comes back as somebody else" }

export const REFERRALS_PERSONAL: Personal = {
  tables: {
    referral_links: { erased: "deleted", exported: "referrals.csv" },
    referral_visits: { erased: "deleted", exported: { not: "browsers of others that followed a link, as hashes" } },
    referrals: { erased: NUMBER, exported: "referrals.csv" },
    referral_marks: { erased: HASHED, exported: { not: "hashes that say nothing" } },
  },
  files: [
    {
      name: "referrals.csv",
      what: "People whom you brought, and whether you were given credits for it; your own coming, if somebody brought you.",
      sql: `SELECT r.id AS place, iif(r.referrer_id = ?1, 'you brought somebody', 'somebody brought you') AS what, r.state,
          iif(r.referrer_id = ?1, r.reward_nano, NULL) AS reward_nano, r.joined_ms, r.decided_ms,
          iif(r.referrer_id = ?1, (SELECT code FROM referral_links WHERE user_id = ?1), NULL) AS your_link
        FROM referrals r WHERE (r.referrer_id = ?1 OR r.user_id = ?1) AND r.id > ?2 ORDER BY r.id LIMIT ?3`,
    },
  ],
}
