namespace DcpNas.Cli.Display;

/// <summary>How a line of a view looks where there are colours.</summary>
internal enum Tone
{
    /// <summary>As all text.</summary>
    Plain,

    /// <summary>In the background: a finished epoch.</summary>
    Quiet,

    /// <summary>A warning.</summary>
    Alarming,
}
