using System.Text.Json;

namespace DcpNas.Foundation;

/// <summary>Where and why text is not JSON, in the words of our messages.</summary>
internal static class JsonFault
{
    /// <summary>"line 3, byte 14", both from 1; a file without line breaks is found by the byte.</summary>
    public static string Place(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return $"line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}";
    }

    /// <summary>The reason without the place, which the reader of .NET appends in its own form, counted from 0.</summary>
    public static string Reason(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var message = error.Message;
        foreach (var tail in (string[])[" Path: ", " LineNumber: "])
        {
            var at = message.IndexOf(tail, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        return message.Trim().TrimEnd('.');
    }
}
