import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

const STORY = `# The vault's story: create a customer, tokenize a card, link it, and see what a payment would use.
# Run the operations one after the other; ids and tokens go into the variables below.

mutation CreateCustomer {
  createCustomer(
    input: {
      name: "Ada Lovelace"
      email: "ada@example.com"
      addresses: [{ label: "Home", line1: "12 St James's Square", city: "London", country: "GBR" }]
    }
  ) {
    customer {
      id # put it into the variable customerId
      token # put it into the variable customerToken
      addresses {
        label
        isDefault
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}

# In production a tokenization provider makes the token, and the vault never sees a card number.
mutation Tokenize {
  createSandboxPaymentToken(
    input: { card: { brand: VISA, lastFour: "4242", expiry: { month: 12, year: 2030 } } }
  ) {
    token # put it into the variable paymentToken
  }
}

mutation Link($customerId: ID!, $paymentToken: ID!) {
  linkPaymentMethod(input: { customerId: $customerId, token: $paymentToken, label: "My Visa Card" }) {
    paymentMethod {
      id
      isDefault
      usable
    }
    userErrors {
      code
      message
      field
    }
  }
}

# What a payment service asks before it charges \`providerToken\` at the provider.
query Resolve($customerToken: ID!) {
  resolvePaymentToken(token: $customerToken) {
    usable
    providerToken
    customer {
      name
    }
    paymentMethod {
      label
      card {
        brand
        lastFour
      }
    }
  }
}
`;

/** Apollo Sandbox in the page, with an example; with a key, signed in. */
export function landingPage(apiKey: string | null): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    embed: true,
    includeCookies: false,
    document: STORY,
    variables: { customerId: '', paymentToken: '', customerToken: '' },
    ...(apiKey !== null && { headers: { Authorization: `Bearer ${apiKey}` } }),
  });
}

const localHosts = /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i;

/**
 * Whether a `Host` header names this machine from within. Another name that leads here (DNS rebinding) would let
 * somebody's web page read the key out of ours.
 */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && host.length <= 64 && localHosts.test(host);
}
