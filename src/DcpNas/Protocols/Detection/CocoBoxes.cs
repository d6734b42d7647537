namespace DcpNas.Protocols.Detection;

/// <summary>Boxes as COCO writes them: <c>[x, y, width, height]</c>.</summary>
internal static class CocoBoxes
{
    /// <summary>The four numbers.</summary>
    public static double[] Write(BoundingBox box) => [box.X1, box.Y1, box.Width, box.Height];

    /// <summary>Makes a box of the four numbers.</summary>
    /// <remarks>A negative size is kept: such a box overlaps nothing.</remarks>
    /// <exception cref="InputException">There are not four.</exception>
    public static BoundingBox Parse(double[] numbers, string source, string place)
    {
        if (numbers.Length != 4)
        {
            throw InputException.InFile(source, place, "[x, y, width, height]", $"a list of {numbers.Length}", "Write four numbers.");
        }

        return BoundingBox.FromCorner(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
