using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace DcpNas.Data;

/// <summary>A published checksum of a file, written <c>md5:...</c> or <c>sha1:...</c>. It detects damage and mix-ups, not attacks.</summary>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The publishers chose the algorithm.")]
[SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The publishers chose the algorithm.")]
internal static class Checksum
{
    /// <summary>The checksum of the bytes by the algorithm of <paramref name="published"/>, in the same form.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, string published) => IsMd5(published)
        ? $"md5:{Convert.ToHexStringLower(MD5.HashData(bytes))}"
        : $"sha1:{Convert.ToHexStringLower(SHA1.HashData(bytes))}";

    /// <summary>The checksum of a whole file by the algorithm of <paramref name="published"/>, in the same form.</summary>
    public static async Task<string> OfFileAsync(string path, string published, CancellationToken cancellationToken)
    {
        var stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
        {
            var hash = IsMd5(published)
                ? await MD5.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)
                : await SHA1.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return $"{(IsMd5(published) ? "md5" : "sha1")}:{Convert.ToHexStringLower(hash)}";
        }
    }

    private static bool IsMd5(string published) => published.StartsWith("md5:", StringComparison.Ordinal);
}
