namespace DcpNas.Runtime;

/// <summary>A model file that cannot be used: damaged, truncated, inconsistent, or of another version.</summary>
/// <remarks>The only exception that reading a model file throws because of what the file holds; the message says where, what was expected and what was found.</remarks>
public sealed class PackedModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Where, what was expected, what was found, what to do.</param>
    /// <param name="inner">What caused it.</param>
    public PackedModelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
