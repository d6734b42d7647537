namespace DcpNas.Embedded;

/// <summary>A model or a name from which no code can be generated; the message says why and what to do.</summary>
public sealed class CodeGenerationException : Exception
{
    /// <summary>With a message.</summary>
    public CodeGenerationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public CodeGenerationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message.</summary>
    public CodeGenerationException()
    {
    }
}
