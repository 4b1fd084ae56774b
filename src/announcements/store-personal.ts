// What `announcements` has of a person: which banners they put away.
import type { Personal } from "../part/index.ts"
import type { Tx } from "../store/index.ts"

export const ANNOUNCEMENTS_PERSONAL: Personal = {
  tables: {
    announcement_dismissals: {
      erased: "deleted",
      exported: { not: "which banners of this house were put away: nothing but that they are not shown again" },
    },
  },
  files: [],
}

export const eraseAnnouncements = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM announcement_dismissals WHERE user_id = ?", userId).changes
