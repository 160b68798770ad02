//! The inverse discrete cosine transform of a block (A.3.3), to its own size or to half of it.

use super::blocks::Block;

/// The rows or columns of a block side by side, so that all are transformed in one step.
type Lanes<const N: usize> = [[f32; N]; N];

/// Returns the 8 x 8 samples of a block.
pub(super) fn full(block: &Block, quantization: &[u16; 64]) -> [u8; 64] {
    if block[1..].iter().all(|c| *c == 0) {
        return [sample(f32::from(block[0]) * f32::from(quantization[0]) / 8.0); 64];
    }
    let mut rows = [[0.0; 8]; 8];
    for (n, (coefficient, step)) in block.iter().zip(quantization).enumerate() {
        rows[n / 8][n % 8] = f32::from(*coefficient) * f32::from(*step);
    }
    let rows = turned(&eight(&turned(&eight(&rows))));
    let mut samples = [0; 64];
    for (sample, value) in samples.iter_mut().zip(rows.as_flattened()) {
        // Each of the two passes makes values larger by the root of eight.
        *sample = self::sample(value / 8.0);
    }
    samples
}

/// Returns 4 x 4 samples, each the average of four, from the low frequencies.
pub(super) fn half(block: &Block, quantization: &[u16; 64]) -> [u8; 16] {
    let mut rows = [[0.0; 4]; 4];
    for (y, row) in rows.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = f32::from(block[y * 8 + x]) * f32::from(quantization[y * 8 + x]);
        }
    }
    let rows = turned(&four(&turned(&four(&rows))));
    let mut samples = [0; 16];
    for (sample, value) in samples.iter_mut().zip(rows.as_flattened()) {
        *sample = self::sample(value / 8.0);
    }
    samples
}

fn sample(value: f32) -> u8 {
    // The conversion saturates.
    (value + 128.5) as u8
}

fn turned<const N: usize>(rows: &Lanes<N>) -> Lanes<N> {
    let mut turned = [[0.0; N]; N];
    for (y, row) in rows.iter().enumerate() {
        for (x, value) in row.iter().enumerate() {
            turned[x][y] = *value;
        }
    }
    turned
}

fn lanes<const N: usize>(value: impl Fn(usize) -> f32) -> [f32; N] {
    std::array::from_fn(value)
}

/// Transforms the columns, eight values each, by the factorization of Loeffler, Ligtenberg and Moschytz (1989).
fn eight(s: &Lanes<8>) -> Lanes<8> {
    let mut out = [[0.0; 8]; 8];
    // The even part.
    let z: [f32; 8] = lanes(|i| (s[2][i] + s[6][i]) * 0.541_196_1);
    let t2: [f32; 8] = lanes(|i| z[i] - s[6][i] * 1.847_759_1);
    let t3: [f32; 8] = lanes(|i| z[i] + s[2][i] * 0.765_366_9);
    let even: [[f32; 8]; 4] = [
        lanes(|i| s[0][i] + s[4][i] + t3[i]),
        lanes(|i| s[0][i] - s[4][i] + t2[i]),
        lanes(|i| s[0][i] - s[4][i] - t2[i]),
        lanes(|i| s[0][i] + s[4][i] - t3[i]),
    ];
    // The odd part.
    let sum: [f32; 8] = lanes(|i| (s[7][i] + s[3][i] + s[5][i] + s[1][i]) * 1.175_875_6);
    let a: [f32; 8] = lanes(|i| (s[7][i] + s[1][i]) * -0.899_976_2);
    let b: [f32; 8] = lanes(|i| (s[5][i] + s[3][i]) * -2.562_915_4);
    let c: [f32; 8] = lanes(|i| (s[7][i] + s[3][i]) * -1.961_570_6 + sum[i]);
    let d: [f32; 8] = lanes(|i| (s[5][i] + s[1][i]) * -0.390_180_64 + sum[i]);
    let odd: [[f32; 8]; 4] = [
        lanes(|i| s[1][i] * 1.501_321_1 + a[i] + d[i]),
        lanes(|i| s[3][i] * 3.072_711 + b[i] + c[i]),
        lanes(|i| s[5][i] * 2.053_12 + b[i] + d[i]),
        lanes(|i| s[7][i] * 0.298_631_34 + a[i] + c[i]),
    ];
    for n in 0..4 {
        out[n] = lanes(|i| even[n][i] + odd[n][i]);
        out[7 - n] = lanes(|i| even[n][i] - odd[n][i]);
    }
    out
}

/// Transforms the columns, four values each.
fn four(s: &Lanes<4>) -> Lanes<4> {
    // The root of two, times the cosines of one and three sixteenths of a turn.
    const NEAR: f32 = 1.306_563;
    const FAR: f32 = 0.541_196_1;
    let even: [[f32; 4]; 2] = [lanes(|i| s[0][i] + s[2][i]), lanes(|i| s[0][i] - s[2][i])];
    let odd: [[f32; 4]; 2] = [lanes(|i| s[1][i] * NEAR + s[3][i] * FAR), lanes(|i| s[1][i] * FAR - s[3][i] * NEAR)];
    [
        lanes(|i| even[0][i] + odd[0][i]),
        lanes(|i| even[1][i] + odd[1][i]),
        lanes(|i| even[1][i] - odd[1][i]),
        lanes(|i| even[0][i] - odd[0][i]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transform as the standard defines it.
    fn by_definition(block: &Block, x: usize, y: usize) -> f64 {
        let half = |n: usize| if n == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let wave = |at: usize, n: usize| ((2 * at + 1) as f64 * n as f64 * std::f64::consts::PI / 16.0).cos();
        let term = |n: usize| {
            let (v, u) = (n / 8, n % 8);
            half(u) * half(v) * f64::from(block[n]) * wave(x, u) * wave(y, v)
        };
        (0..64).map(term).sum::<f64>() / 4.0 + 128.0
    }

    #[test]
    fn blocks_are_transformed_as_the_standard_defines() {
        let mut seed = 7_u32;
        for round in 0..50 {
            let block: Block = std::array::from_fn(|n| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if n < 1 + round { (seed >> 24) as i16 - 128 } else { 0 }
            });
            let samples = full(&block, &[1; 64]);
            for (n, sample) in samples.iter().enumerate() {
                let expected = by_definition(&block, n % 8, n / 8).round().clamp(0.0, 255.0);
                assert!((f64::from(*sample) - expected).abs() <= 1.0, "{round} {n}");
            }
        }
    }

    #[test]
    fn half_the_size_shows_the_same_picture() {
        let mut block = [0; 64];
        (block[0], block[1], block[8]) = (80, 200, -90);
        let (full, half) = (full(&block, &[1; 64]), half(&block, &[1; 64]));
        for (n, sample) in half.iter().enumerate() {
            let corner = n / 4 * 16 + n % 4 * 2;
            let sum: u32 = [0, 1, 8, 9].iter().map(|at| u32::from(full[corner + at])).sum();
            assert!(sample.abs_diff((sum / 4) as u8) <= 3, "{n}: {sample} {}", sum / 4);
        }
    }
}
