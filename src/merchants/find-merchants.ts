import type { Partner } from '../access/actor.js';
import { assertMayDo, authorise, Forbidden } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { Merchant } from './merchant.js';
import {
  countMerchants as countRows,
  findMerchant as findRow,
  listMerchants as listRows,
  type MerchantsOf,
} from './merchant.repository.js';

/** The merchant on whose behalf the request acts. */
export async function findMerchant(op: Operation): Promise<Merchant | null> {
  return findRow(op.db, authorise(op, 'merchant.read'));
}

/** The partner whose key the request has; nobody else has merchants. */
export function partnerOf(op: Operation): Partner {
  assertMayDo(op, 'merchants.list');
  const partner = op.actor.kind === 'api-key' ? op.actor.partner : null;
  if (partner === null) throw new Forbidden();
  return partner;
}

/** A page of the merchants that a partner's key may act for, newest first. */
export async function listMerchants(op: Operation, page: PageRequest): Promise<Page<Merchant>> {
  return listRows(op.db, merchantsOf(op), page);
}

/** How many merchants a partner's key may act for. */
export async function countMerchants(op: Operation): Promise<number> {
  return countRows(op.db, merchantsOf(op));
}

function merchantsOf(op: Operation): MerchantsOf {
  const { id } = partnerOf(op);
  if (op.actor.kind === 'anonymous') throw new Forbidden();
  return { partnerId: id, mode: op.actor.mode };
}
