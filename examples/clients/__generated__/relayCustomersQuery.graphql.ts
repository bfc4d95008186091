/**
 * @generated SignedSource<<02e1df47f88c0cb5f63942f10a79ad70>>
 * @lightSyntaxTransform
 * @nogrep
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type CardBrand = "AMEX" | "DINERS" | "DISCOVER" | "JCB" | "MASTERCARD" | "UNION_PAY" | "UNKNOWN" | "VISA" | "%future added value";
export type PaymentMethodType = "ACH" | "CARD" | "%future added value";
export type CustomerFilter = {
  createdAt?: DateTimeRange | null | undefined;
  email?: string | null | undefined;
  hasDefaultPaymentMethod?: boolean | null | undefined;
  metadata?: ReadonlyArray<MetadataPairInput> | null | undefined;
  paymentMethod?: PaymentMethodFilter | null | undefined;
  phone?: string | null | undefined;
  reference?: string | null | undefined;
  search?: string | null | undefined;
  updatedAt?: DateTimeRange | null | undefined;
};
export type DateTimeRange = {
  from?: string | null | undefined;
  to?: string | null | undefined;
};
export type MetadataPairInput = {
  key: string;
  value: string;
};
export type PaymentMethodFilter = {
  brand?: CardBrand | null | undefined;
  expiresBefore?: string | null | undefined;
  lastFour?: string | null | undefined;
  type?: PaymentMethodType | null | undefined;
  usable?: boolean | null | undefined;
};
export type relayCustomersQuery$variables = {
  after?: string | null | undefined;
  count: number;
  filter?: CustomerFilter | null | undefined;
};
export type relayCustomersQuery$data = {
  readonly customers: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly createdAt: string;
        readonly id: string;
        readonly metadata: Record<string, string> | null | undefined;
        readonly name: string | null | undefined;
      };
    }>;
    readonly pageInfo: {
      readonly endCursor: string | null | undefined;
      readonly hasNextPage: boolean;
    };
  } | null | undefined;
};
export type relayCustomersQuery = {
  response: relayCustomersQuery$data;
  variables: relayCustomersQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "count"
},
v2 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "filter"
},
v3 = {
  "kind": "Variable",
  "name": "filter",
  "variableName": "filter"
},
v4 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "CustomerEdge",
    "kind": "LinkedField",
    "name": "edges",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Customer",
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "name",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "metadata",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "createdAt",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "concreteType": "PageInfo",
    "kind": "LinkedField",
    "name": "pageInfo",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "hasNextPage",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "endCursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
],
v5 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  (v3/*: any*/),
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "count"
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*: any*/),
      (v1/*: any*/),
      (v2/*: any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "relayCustomersQuery",
    "selections": [
      {
        "alias": "customers",
        "args": [
          (v3/*: any*/)
        ],
        "concreteType": "CustomerConnection",
        "kind": "LinkedField",
        "name": "__relayCustomers_customers_connection",
        "plural": false,
        "selections": (v4/*: any*/),
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*: any*/),
      (v0/*: any*/),
      (v2/*: any*/)
    ],
    "kind": "Operation",
    "name": "relayCustomersQuery",
    "selections": [
      {
        "alias": null,
        "args": (v5/*: any*/),
        "concreteType": "CustomerConnection",
        "kind": "LinkedField",
        "name": "customers",
        "plural": false,
        "selections": (v4/*: any*/),
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v5/*: any*/),
        "filters": [
          "filter"
        ],
        "handle": "connection",
        "key": "relayCustomers_customers",
        "kind": "LinkedHandle",
        "name": "customers"
      }
    ]
  },
  "params": {
    "cacheID": "2636f613500d970f9885a7b47c9c3849",
    "id": null,
    "metadata": {
      "connection": [
        {
          "count": "count",
          "cursor": "after",
          "direction": "forward",
          "path": [
            "customers"
          ]
        }
      ]
    },
    "name": "relayCustomersQuery",
    "operationKind": "query",
    "text": "query relayCustomersQuery(\n  $count: Int!\n  $after: String\n  $filter: CustomerFilter\n) {\n  customers(first: $count, after: $after, filter: $filter) {\n    edges {\n      node {\n        id\n        name\n        metadata\n        createdAt\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "ea828685745e70ddd8583594f4ec6af0";

export default node;
