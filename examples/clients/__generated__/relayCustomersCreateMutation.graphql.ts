/**
 * @generated SignedSource<<5a7104c2c45f980175e386a08c55a3a4>>
 * @lightSyntaxTransform
 * @nogrep
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type UserErrorCode = "CARD_NUMBER_REFUSED" | "DUPLICATE_PAYMENT_METHOD" | "IDEMPOTENCY_IN_PROGRESS" | "IDEMPOTENCY_KEY_REUSED" | "INVALID" | "NOT_FOUND" | "REPLACEMENT_REQUIRED" | "REQUIRED" | "SCOPE_EXCEEDED" | "TAKEN" | "TOKEN_ALREADY_LINKED" | "TOKEN_NOT_ACCEPTED" | "TOO_LONG" | "VERSION_CONFLICT" | "%future added value";
export type CreateCustomerInput = {
  addresses?: ReadonlyArray<AddressInput> | null | undefined;
  email?: string | null | undefined;
  metadata?: Record<string, string> | null | undefined;
  name: string;
  phone?: string | null | undefined;
  reference?: string | null | undefined;
};
export type AddressInput = {
  city?: string | null | undefined;
  country?: string | null | undefined;
  isDefault?: boolean | null | undefined;
  label: string;
  line1?: string | null | undefined;
  line2?: string | null | undefined;
  postalCode?: string | null | undefined;
  state?: string | null | undefined;
};
export type relayCustomersCreateMutation$variables = {
  input: CreateCustomerInput;
  key: string;
};
export type relayCustomersCreateMutation$data = {
  readonly createCustomer: {
    readonly customer: {
      readonly id: string;
      readonly version: number;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly code: UserErrorCode;
      readonly field: ReadonlyArray<string> | null | undefined;
      readonly message: string;
    }>;
  } | null | undefined;
};
export type relayCustomersCreateMutation = {
  response: relayCustomersCreateMutation$data;
  variables: relayCustomersCreateMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "key"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": "CreateCustomerPayload",
    "kind": "LinkedField",
    "name": "createCustomer",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Customer",
        "kind": "LinkedField",
        "name": "customer",
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
            "name": "version",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "UserError",
        "kind": "LinkedField",
        "name": "userErrors",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "code",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "field",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "message",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*: any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayCustomersCreateMutation",
    "selections": (v1/*: any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*: any*/),
    "kind": "Operation",
    "name": "relayCustomersCreateMutation",
    "selections": (v1/*: any*/)
  },
  "params": {
    "cacheID": "930b650d6fb0f92b163197af41c6e9f8",
    "id": null,
    "metadata": {},
    "name": "relayCustomersCreateMutation",
    "operationKind": "mutation",
    "text": "mutation relayCustomersCreateMutation(\n  $input: CreateCustomerInput!\n  $key: String!\n) {\n  createCustomer(input: $input) @idempotent(key: $key) {\n    customer {\n      id\n      version\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "1837a597ec4d7dc83bd401e02f8a2d47";

export default node;
