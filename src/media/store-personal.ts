// What `media` has of a person: their pictures. A picture that nobody owns any more goes with the next sweep.
import type { Personal } from "../part/index.ts"
import { takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const MEDIA_PERSONAL: Personal = {
  tables: {
    image_owners: { erased: "deleted", exported: "pictures/" },
    image_uses: { erased: "deleted", exported: "pictures/" },
  },
  files: [
    {
      name: "pictures/",
      what: "The pictures that you sent, as they are stored.",
      sql: `SELECT f.rowid AS place, i.public_id || '-' || f.width || '.' || substr(f.type, 7) AS name, f.bytes
        FROM image_owners o JOIN images i ON i.id = o.image_id JOIN image_files f ON f.image_id = i.id AND f.width = i.width
        WHERE o.user_id = ?1 AND f.rowid > ?2 ORDER BY f.rowid LIMIT ?3`,
    },
  ],
}

export const erasePictures = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "image_uses", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "image_owners", "user_id = ?", [userId], left),
  ])
