//! JWK, JWS, JWT and sealed tokens over aws-lc-rs.
