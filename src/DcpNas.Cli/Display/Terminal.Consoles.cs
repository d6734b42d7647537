using Spectre.Console;

namespace DcpNas.Cli.Display;

/// <content>Tables and colours.</content>
internal static partial class Terminal
{
    private const int WidthOfFiles = 160;

    /// <summary>stdout: plain and wide where it is no terminal.</summary>
    public static IAnsiConsole Results { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>stderr: progress, hints, warnings.</summary>
    public static IAnsiConsole Messages { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether progress may move: stderr is a terminal that understands escape sequences.</summary>
    public static bool IsLive => !Console.IsErrorRedirected && Messages.Profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>A table without outer lines.</summary>
    public static Table NewTable(params IEnumerable<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        return table;
    }

    /// <summary>Aligns columns of numbers to the right.</summary>
    /// <param name="table">The table.</param>
    /// <param name="first">The first of them, from 0.</param>
    /// <param name="count">How many; null: all to the last.</param>
    public static void AlignRight(this Table table, int first = 1, int? count = null)
    {
        foreach (var column in table.Columns.Skip(first).Take(count ?? table.Columns.Count))
        {
            column.Alignment = Justify.Right;
        }
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void AddPlainRow(this Table table, params IEnumerable<string> cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    private static IAnsiConsole Create(TextWriter writer, bool isFile)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isFile ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isFile)
        {
            console.Profile.Width = WidthOfFiles;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
