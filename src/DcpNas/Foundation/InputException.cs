namespace DcpNas.Foundation;

/// <summary>Input that a user can correct: a file, a folder or an option. Commands turn it into exit code 2.</summary>
/// <remarks>The message says where, what was expected, what was found and what to do; it is printed as it stands.</remarks>
public class InputException : Exception
{
    /// <summary>Creates the exception with a complete message.</summary>
    public InputException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>A file that cannot be used: <c>path: at place, expected x but found y. What to do.</c></summary>
    /// <param name="path">The file, as the user named it.</param>
    /// <param name="place">Where in it: "byte 30720", "line 3", "normal.edges[2]".</param>
    /// <param name="expected">What should stand there.</param>
    /// <param name="found">What stands there.</param>
    /// <param name="remedy">One imperative sentence.</param>
    /// <param name="inner">The cause, if another exception is one.</param>
    public static InputException InFile(string path, string place, string expected, string found, string remedy, Exception? inner = null) =>
        new($"{path}: at {place}, expected {expected} but found {found}. {remedy}", inner);
}
