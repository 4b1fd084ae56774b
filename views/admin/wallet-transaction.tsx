// One transaction of a wallet, by its reference.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { holderUp, userPath } from "./user-tabs.tsx"
import { inMode, type WalletMode } from "./wallet.tsx"
import { Posting, type PostingRow } from "./wallet-postings.tsx"

export interface AdminTransactionProps {
  frame: Frame
  user: { id: string; label: string }
  mode: WalletMode
  posting: PostingRow
}

/** GET /admin/users/:id/wallet/transactions/:transaction. */
export function AdminTransactionPage({ frame, user, mode, posting }: AdminTransactionProps): JSX.Element {
  const path = `${userPath(user.id)}/wallet`
  return (
    <ConsoleLayout
      frame={frame}
      title={posting.title}
      section="Admin"
      lead={posting.words || undefined}
      up={[...holderUp(user), { href: inMode(path, mode), label: "Wallet" }]}
    >
      <Posting posting={posting} path={path} alone />
    </ConsoleLayout>
  )
}
