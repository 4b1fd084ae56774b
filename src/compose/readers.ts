// The parts with heavy reads, and what the others have of a person: all that the read Worker loads. With every part it would take twice
// as long to start, and more memory. In the order of the parts.
import { analyticsPart } from "../analytics/part.ts"
import { ANNOUNCEMENTS_PERSONAL } from "../announcements/store-personal.ts"
import { AUDIT_PERSONAL } from "../audit/store-personal.ts"
import { AUDIT_READS } from "../audit/worker-reads.ts"
import { billingPart } from "../billing/part.ts"
import { DEVELOPERS_PERSONAL } from "../developers/store-personal.ts"
import { DEVELOPER_READS } from "../developers/worker-reads.ts"
import { DIRECTORY_PERSONAL } from "../directory/store-personal.ts"
import { GATEWAY_PERSONAL } from "../gateway/store-personal.ts"
import { IDENTITY_PERSONAL } from "../identity/store/personal.ts"
import { KEPT_PERSONAL } from "../kept/store-personal.ts"
import { KEYS_PERSONAL } from "../keys/store-personal.ts"
import { ledgerPart } from "../ledger/index.ts"
import { LEGAL_PERSONAL } from "../legal/store-personal.ts"
import { LIMITS_PERSONAL } from "../limits/store-personal.ts"
import { MARKETPLACE_PERSONAL } from "../marketplace/store-personal.ts"
import { MARKETPLACE_READS } from "../marketplace/worker-reads.ts"
import { MCP_PERSONAL } from "../mcp/store-personal.ts"
import { MEDIA_PERSONAL } from "../media/store-personal.ts"
import { CARD_READS } from "../media/worker-reads.ts"
import { NOTICES_PERSONAL } from "../notices/store-personal.ts"
import { OAUTH_PERSONAL } from "../oauth/store-personal.ts"
import { observePart } from "../observe/part.ts"
import type { Part } from "../part/index.ts"
import { PAYOUTS_PERSONAL } from "../payouts/store-personal.ts"
import { PLANS_PERSONAL } from "../plans/store-personal.ts"
import { PRIVACY_PERSONAL } from "../privacy/store-personal.ts"
import { REFERRALS_PERSONAL } from "../referrals/store-personal.ts"
import { adminPart } from "../sites/admin/part.ts"
import { consolePart } from "../sites/console/part.ts"
import { SPENDING_PERSONAL } from "../spending/store-personal.ts"
import { SPONSORS_PERSONAL } from "../sponsors/store-personal.ts"
import { SUPPORT_PERSONAL } from "../support/store-personal.ts"
import { TEAMS_PERSONAL } from "../teams/store-personal.ts"
import { TEAM_READS } from "../teams/worker-reads.ts"
import { USAGE_PERSONAL } from "../usage/store-personal.ts"
import { WEBHOOKS_PERSONAL } from "../webhooks/store-personal.ts"

export const READERS: readonly Pick<Part, "name" | "reads" | "streams" | "personal">[] = [
  { name: "audit", personal: AUDIT_PERSONAL, reads: AUDIT_READS },
  { name: "media", personal: MEDIA_PERSONAL, reads: CARD_READS },
  observePart,
  { name: "webhooks", personal: WEBHOOKS_PERSONAL },
  ledgerPart,
  { name: "identity", personal: IDENTITY_PERSONAL },
  { name: "notices", personal: NOTICES_PERSONAL },
  { name: "legal", personal: LEGAL_PERSONAL },
  { name: "plans", personal: PLANS_PERSONAL },
  { name: "teams", personal: TEAMS_PERSONAL, reads: TEAM_READS },
  billingPart,
  { name: "referrals", personal: REFERRALS_PERSONAL },
  { name: "oauth", personal: OAUTH_PERSONAL },
  { name: "keys", personal: KEYS_PERSONAL },
  { name: "usage", personal: USAGE_PERSONAL },
  analyticsPart,
  { name: "kept", personal: KEPT_PERSONAL },
  { name: "limits", personal: LIMITS_PERSONAL },
  { name: "sponsors", personal: SPONSORS_PERSONAL },
  { name: "gateway", personal: GATEWAY_PERSONAL },
  { name: "mcp", personal: MCP_PERSONAL },
  { name: "developers", personal: DEVELOPERS_PERSONAL, reads: DEVELOPER_READS },
  { name: "marketplace", personal: MARKETPLACE_PERSONAL, reads: MARKETPLACE_READS },
  { name: "directory", personal: DIRECTORY_PERSONAL },
  { name: "support", personal: SUPPORT_PERSONAL },
  { name: "announcements", personal: ANNOUNCEMENTS_PERSONAL },
  { name: "spending", personal: SPENDING_PERSONAL },
  { name: "payouts", personal: PAYOUTS_PERSONAL },
  { name: "privacy", personal: PRIVACY_PERSONAL },
  consolePart,
  adminPart,
]
