//! A tower layer and extractors that protect an API with access tokens.
