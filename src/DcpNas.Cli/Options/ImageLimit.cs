using System.CommandLine;
using DcpNas.Data;

namespace DcpNas.Cli.Options;

/// <summary>The option <c>--max-image-pixels</c> of commands that read image files. It changes no result, so runs do not keep it.</summary>
internal static class ImageLimit
{
    private const string Name = "--max-image-pixels";

    private static readonly Option<long?> Shared = Create();

    /// <summary>Gives a command, and those below it, the option.</summary>
    public static Command On(Command command)
    {
        command.Options.Add(Shared);
        return command;
    }

    /// <summary>Sets the limit that a command line states.</summary>
    /// <exception cref="InputException">It is out of range.</exception>
    public static void Apply(ParseResult parsed)
    {
        if (parsed.GetResult(Shared) is not null && parsed.GetValue(Shared) is { } pixels)
        {
            ImageFiles.MaximumPixels = pixels is >= 1 and <= ImageFiles.MostPixels
                ? pixels
                : throw new InputException(FormattableString.Invariant($"{Name} must be from 1 to {ImageFiles.MostPixels}, got {pixels}."));
        }
    }

    private static Option<long?> Create()
    {
        var option = WholeNumber.Optional<long>(Name, FormattableString.Invariant($"Most pixels of an image file; a larger one is refused before it is decoded (default {ImageFiles.MaximumPixels})"));
        option.Recursive = true;
        return option;
    }
}
