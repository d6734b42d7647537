namespace DcpNas.Cli.Display;

/// <summary>Where work stands, for a <see cref="IProgressView"/>.</summary>
internal interface IProgressStatus
{
    /// <summary>Share of the steps that are done, 0 to 1.</summary>
    double Fraction { get; }

    /// <summary>Time since this session began.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>The time left as a text; a ? marks one that rests on a phase not seen yet.</summary>
    string TimeLeft { get; }

    /// <summary>The newest figures, name by name; for a moving view.</summary>
    IEnumerable<(string Name, string Value)> Figures();

    /// <summary>The same on one line; for a view of lines.</summary>
    string Line();
}
