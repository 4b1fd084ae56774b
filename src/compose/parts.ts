// Every part of the house, in the order of the folders. A domain is added here and in `domains.ts`; what it contributes is its own affair.

import { analyticsPart } from "../analytics/index.ts"
import { announcementsPart } from "../announcements/index.ts"
import { auditPart } from "../audit/index.ts"
import { backupPart } from "../backup/index.ts"
import { billingPart } from "../billing/index.ts"
import { brandPart } from "../brand/index.ts"
import { developersPart } from "../developers/index.ts"
import { directoryPart } from "../directory/index.ts"
import { docsPart } from "../docs/index.ts"
import { gatewayPart } from "../gateway/index.ts"
import { identityPart } from "../identity/index.ts"
import { jobsPart } from "../jobs/index.ts"
import { keptPart } from "../kept/index.ts"
import { keysPart } from "../keys/index.ts"
import { ledgerPart } from "../ledger/index.ts"
import { legalPart } from "../legal/index.ts"
import { limitsPart } from "../limits/index.ts"
import { mailPart } from "../mail/index.ts"
import { marketplacePart } from "../marketplace/index.ts"
import { mcpPart } from "../mcp/index.ts"
import { mediaPart } from "../media/index.ts"
import { meteringPart } from "../metering/index.ts"
import { noticesPart } from "../notices/index.ts"
import { oauthPart } from "../oauth/index.ts"
import { observePart } from "../observe/index.ts"
import { outboxPart } from "../outbox/index.ts"
import { declared, type Part } from "../part/index.ts"
import { payoutsPart } from "../payouts/index.ts"
import { plansPart } from "../plans/index.ts"
import { pricingPart } from "../pricing/index.ts"
import { privacyPart } from "../privacy/index.ts"
import { referralsPart } from "../referrals/index.ts"
import { replicaPart } from "../replica/index.ts"
import { settingsPart } from "../settings/index.ts"
import { adminPart } from "../sites/admin/index.ts"
import { consolePart } from "../sites/console/index.ts"
import { spendingPart } from "../spending/index.ts"
import { sponsorsPart } from "../sponsors/index.ts"
import { supportPart } from "../support/index.ts"
import { teamsPart } from "../teams/index.ts"
import { tlsPart } from "../tls/index.ts"
import { usagePart } from "../usage/index.ts"
import { vaultPart } from "../vault/index.ts"
import { webhooksPart } from "../webhooks/index.ts"
import type { Base } from "./base.ts"
import type { Domains } from "./domains.ts"

/** Everything that runs, of which a part takes what it names. */
export type House = Base & Domains

export const PARTS: readonly Part<House>[] = [
  replicaPart,
  auditPart,
  outboxPart,
  jobsPart,
  mailPart,
  mediaPart,
  brandPart,
  settingsPart,
  vaultPart,
  observePart,
  tlsPart,
  webhooksPart,
  ledgerPart,
  identityPart,
  noticesPart,
  legalPart,
  plansPart,
  teamsPart,
  billingPart,
  referralsPart,
  pricingPart,
  oauthPart,
  keysPart,
  usagePart,
  analyticsPart,
  keptPart,
  limitsPart,
  sponsorsPart,
  gatewayPart,
  meteringPart,
  mcpPart,
  developersPart,
  marketplacePart,
  directoryPart,
  supportPart,
  announcementsPart,
  spendingPart,
  payoutsPart,
  privacyPart,
  backupPart,
  docsPart,
  consolePart,
  adminPart,
]

/** What is known without a database: letters, settings, notices, and the reads of the Worker. */
export const DECLARED = declared(PARTS)
