using DcpNas.Runtime;

namespace DcpNas.Embedded;

/// <summary>What the generated code of a network takes on a processor, in the units of its chip.</summary>
/// <param name="Core">One of <see cref="Cores"/>.</param>
/// <param name="ConstantBytes">Flash of constants: tables and what describes layers. Exact.</param>
/// <param name="CodeBytes">Flash of code: an estimate, for gcc -O2.</param>
/// <param name="ArenaBytes">RAM of values: exact. Beside it the caller holds pixels and results, and there is the stack.</param>
/// <param name="Instructions">Instructions of one image: an estimate, for gcc -O2. No cycles.</param>
public sealed record ChipCost(string Core, long ConstantBytes, long CodeBytes, long ArenaBytes, long Instructions)
{
    /// <summary>The processors that are known, in the order of tables.</summary>
    public static IReadOnlyList<string> Cores => InstructionTable.Cores;

    /// <summary>Flash: constants and code.</summary>
    public long FlashBytes => ConstantBytes + CodeBytes;

    /// <summary>The cost of a network on a processor.</summary>
    /// <param name="model">A model with its integer mode.</param>
    /// <param name="core">One of <see cref="Cores"/>.</param>
    /// <exception cref="CodeGenerationException">The model has no integer mode.</exception>
    /// <exception cref="ArgumentException">The processor is unknown.</exception>
    public static ChipCost Of(PackedModel model, string core)
    {
        ArgumentNullException.ThrowIfNull(model);
        var table = InstructionTable.Of(core);
        var program = CProgram.Create(model);
        return new ChipCost(core, program.Tables.Bytes + program.LayerBytes, table.CodeBytes(program.Steps), program.ArenaBytes, (long)program.Steps.Sum(step => table.Instructions(step.Work)));
    }
}
