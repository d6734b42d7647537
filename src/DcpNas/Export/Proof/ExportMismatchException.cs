namespace DcpNas.Export;

/// <summary>An exported model that does not compute what its network computes. Nothing was written.</summary>
public sealed class ExportMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="layer">The first layer that differs, as the model file names it.</param>
    /// <param name="place">Image, channel, row and column.</param>
    /// <param name="expected">What the network says.</param>
    /// <param name="found">What the model says.</param>
    public ExportMismatchException(string layer, string place, string expected, string found)
        : base($"The exported model differs from the network, first in layer {layer} at {place}: expected {expected} but found {found}. Nothing was written. This is a bug in DcpNas: please report it.")
    {
        (Layer, Place, Expected, Found) = (layer, place, expected, found);
    }

    /// <summary>The first layer that differs, as the model file names it.</summary>
    public string Layer { get; }

    /// <summary>Image, channel, row and column.</summary>
    public string Place { get; }

    /// <summary>What the network says.</summary>
    public string Expected { get; }

    /// <summary>What the model says.</summary>
    public string Found { get; }
}
