using System.Security.Cryptography;

namespace DcpNas.Training;

/// <summary>A model of another training that a training uses; must be the same file when it is resumed.</summary>
/// <param name="Key">In the state of a checkpoint: <c>teacher_sha256</c> or <c>backbone_sha256</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Hash">Its SHA-256, in hexadecimal digits.</param>
public sealed record TrainSource(string Key, string Path, string Hash)
{
    /// <summary>The teacher.</summary>
    /// <param name="path">A run or checkpoint.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static TrainSource Teacher(string path) => Of("teacher_sha256", path);

    /// <summary>The training whose backbone is the start.</summary>
    /// <param name="path">A run or checkpoint.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static TrainSource Backbone(string path) => Of("backbone_sha256", path);

    private static TrainSource Of(string key, string path)
    {
        var file = TrainedModel.PathOf(path);
        using var stream = InputFile.OpenRead(file);
        return new TrainSource(key, file, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
