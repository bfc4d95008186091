import type { Database } from '../db/database.js';
import {
  findMerchant as findMerchantRow,
  findPartner as findPartnerRow,
  listMerchants as listMerchantRows,
  listPartners as listPartnerRows,
  type MerchantRecord,
  type PartnerRecord,
} from './operator.repository.js';

/** Every merchant, oldest first; for the operator alone. */
export async function listMerchants(db: Database): Promise<readonly MerchantRecord[]> {
  return listMerchantRows(db);
}

/** Every partner, oldest first; for the operator alone. */
export async function listPartners(db: Database): Promise<readonly PartnerRecord[]> {
  return listPartnerRows(db);
}

/** A merchant by its id; null when there is none. */
export async function findMerchant(db: Database, id: string): Promise<MerchantRecord | null> {
  return findMerchantRow(db, id);
}

/** A partner by its id; null when there is none. */
export async function findPartner(db: Database, id: string): Promise<PartnerRecord | null> {
  return findPartnerRow(db, id);
}
