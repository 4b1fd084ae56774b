// What the audit log says of backups and restores.
import { type Sentences, said } from "../part/index.ts"

const numberOf = (value: unknown): string => (typeof value === "number" ? value.toLocaleString("en-US") : "some")

export const BACKUP_SENTENCES: Sentences = {
  "backup.proved": {
    topic: "settings",
    label: "Backup proved",
    say: ({ who, after }) =>
      after.ok === true
        ? said`${who} restored the backup into a folder of its own, and all of it was well`
        : said`${who} tried to restore the backup into a folder of its own, and it was not well`,
  },
  "restore.started": {
    topic: "settings",
    label: "Restored from a backup",
    say: ({ after }) =>
      said`This house was restored from a backup: ${numberOf(after.sessions)} sessions and ${numberOf(after.grants)} sign-ins to apps ended, jobs and messages wait`,
  },
  "restore.payments": {
    topic: "settings",
    label: "Payments asked about",
    say: () => said`The payment service was asked about every payment that was under way when the backup was made`,
  },
  "restore.looked": {
    topic: "settings",
    label: "Restore looked at",
    say: ({ who }) => said`${who} looked at what the restore lost and let jobs and messages go on`,
  },
}
