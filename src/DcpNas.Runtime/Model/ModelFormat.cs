namespace DcpNas.Runtime.Model;

/// <summary>Names and version of the format: what docs/model-format.md specifies.</summary>
internal static class ModelFormat
{
    /// <summary>Key of <c>__metadata__</c>: the name of the format.</summary>
    public const string FormatKey = "format";

    /// <summary>Its value.</summary>
    public const string FormatName = "dcpnas-packed";

    /// <summary>Key of <c>__metadata__</c>: the version of the format.</summary>
    public const string VersionKey = "format_version";

    /// <summary>Its value: what this release reads and writes.</summary>
    public const string Version = "1";

    /// <summary>Key of <c>__metadata__</c>: the model, a JSON object.</summary>
    public const string ModelKey = "model";

    /// <summary>Key of <c>__metadata__</c>: SHA-256 of the UTF-8 text of the model, in lower-case hexadecimal digits.</summary>
    public const string ModelHashKey = "model_sha256";

    /// <summary>Key of <c>__metadata__</c>: SHA-256 of the data section, in lower-case hexadecimal digits.</summary>
    public const string TensorHashKey = "tensors_sha256";

    /// <summary>Key of the model: the description of its network.</summary>
    public const string NetworkKey = "network";

    /// <summary>Key of the preprocessing: how images are brought to the size of the input.</summary>
    public const string FitKey = "fit";

    /// <summary>Its value where the centre is cut out.</summary>
    public const string Crop = "crop";

    /// <summary>Its value where each side is scaled on its own.</summary>
    public const string Stretch = "stretch";
}
