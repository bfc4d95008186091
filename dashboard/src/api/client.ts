import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { currentKey, signIn } from '../shared/session';
import { toFailure } from './failure';

/** Tells the sign-in why it is shown. */
export const signedOut = { because: '' };

const authorise = new SetContextLink(({ headers }) => ({
  headers: { authorization: `Bearer ${currentKey()}`, ...headers },
}));

/** A key that the server does not take any more ends the session; what was open is opened again after the next. */
const endSession = new ErrorLink(({ error }) => {
  if (currentKey() === null || toFailure(error).code !== 'UNAUTHENTICATED') return;
  signedOut.because = 'The server no longer accepts this key. Sign in again.';
  signIn(null);
});

/** The client of the vault's API; it keys every object by its id, as all of them have one. */
export const client = new ApolloClient({
  link: ApolloLink.from([endSession, authorise, new HttpLink({ uri: '/graphql' })]),
  cache: new InMemoryCache({ typePolicies: { Customer: { fields: { metadata: { merge: false } } } } }),
});
