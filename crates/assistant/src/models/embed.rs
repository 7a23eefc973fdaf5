//! Vectors of texts: the nearest ones, and putting their order together with another (assistant.md, section 3.7).

use std::collections::HashMap;
use std::hash::Hash;

/// The constant of reciprocal rank fusion.
const FLATTENING: f64 = 60.0;

/// Scales a vector to length one, so that a dot product is a cosine. A vector without direction stays as it is.
pub fn normalised(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|n| f64::from(*n).powi(2)).sum::<f64>().sqrt();
    if length.is_finite() && length > 0.0 {
        for n in &mut vector {
            #[expect(clippy::cast_possible_truncation, reason = "at most one in size")]
            let scaled = (f64::from(*n) / length) as f32;
            *n = scaled;
        }
    }
    vector
}

/// The product of two vectors; zero when they cannot be compared.
pub fn dot(one: &[f32], two: &[f32]) -> f32 {
    if one.len() != two.len() {
        return 0.0;
    }
    one.iter().zip(two).map(|(a, b)| a * b).sum()
}

/// The `count` entries nearest to `query`, the nearest first, each with its dot product. Entries of another length were
/// made by another model and are left out.
pub fn nearest<'a, Id: Copy + Ord>(
    query: &[f32],
    entries: impl IntoIterator<Item = (Id, &'a [f32])>,
    count: usize,
) -> Vec<(Id, f32)> {
    let mut scored: Vec<(Id, f32)> = entries
        .into_iter()
        .filter(|(_, vector)| vector.len() == query.len() && !query.is_empty())
        .map(|(id, vector)| (id, dot(query, vector)))
        .filter(|(_, score)| score.is_finite())
        .collect();
    scored.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
    scored.truncate(count);
    scored
}

/// Puts several orders together by reciprocal rank fusion with k = 60: each place counts `1 / (60 + place)`. What
/// stands in an order twice counts once, at its better place.
pub fn fused<Id: Copy + Ord + Hash>(orders: &[&[Id]]) -> Vec<Id> {
    let mut scores: HashMap<Id, f64> = HashMap::new();
    for order in orders {
        let mut seen = std::collections::HashSet::new();
        let mut place = FLATTENING;
        for id in *order {
            if seen.insert(*id) {
                place += 1.0;
                *scores.entry(*id).or_default() += 1.0 / place;
            }
        }
    }
    let mut all: Vec<(Id, f64)> = scores.into_iter().collect();
    all.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
    all.into_iter().map(|(id, _)| id).collect()
}

/// Writes a vector as bytes for the database: 32-bit numbers, the lowest byte first.
pub fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// Reads what [`to_bytes`] wrote; `None` when it is cut short.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<f32>> {
    let (words, rest) = bytes.as_chunks::<4>();
    rest.is_empty()
        .then(|| words.iter().map(|word| f32::from_le_bytes(*word)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_nearest_come_first_and_vectors_of_another_model_not_at_all() {
        let entries: [(u8, &[f32]); 5] = [
            (1, &[1.0, 0.0]),
            (2, &[0.0, 1.0]),
            (3, &[0.8, 0.6]),
            (4, &[1.0, 0.0, 0.0]),
            (5, &[f32::NAN, 0.0]),
        ];
        let ids: Vec<u8> = nearest(&[1.0, 0.0], entries, 2)
            .iter()
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(ids, [1, 3]);
        assert!(nearest::<u8>(&[], [(1, &[] as &[f32])], 3).is_empty());
    }

    #[test]
    fn what_both_orders_like_wins_over_what_one_likes_best() {
        assert_eq!(fused(&[&[1, 2, 3], &[4, 2, 5]]), [2, 1, 4, 3, 5]);
        assert_eq!(fused(&[&[1, 2]]), [1, 2]);
        assert_eq!(fused(&[&[7, 7, 7], &[8]]), [7, 8]);
        assert!(fused::<u8>(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn a_vector_is_read_back_as_it_was_written(vector in prop::collection::vec(-1e6_f32..1e6, 0..20)) {
            prop_assert_eq!(from_bytes(&to_bytes(&vector)), Some(vector));
        }

        #[test]
        fn a_normalised_vector_has_length_one(vector in prop::collection::vec(-1e3_f32..1e3, 1..20)) {
            prop_assume!(vector.iter().any(|n| n.abs() > 1e-3));
            let length = dot(&normalised(vector.clone()), &normalised(vector));
            prop_assert!((length - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn half_a_number_is_no_vector() {
        assert_eq!(from_bytes(&[0, 0, 0]), None);
    }
}
