using System.Globalization;

namespace Aigc2d.Moderation.Training;

/// <summary>What <c>train</c> is asked for.</summary>
internal sealed record TrainOptions
{
    private const int UsualSeed = 1;

    /// <summary>The folder of labelled files.</summary>
    public required string Data { get; init; }

    /// <summary>The folder of authored pairs.</summary>
    public required string Corpus { get; init; }

    /// <summary>The model to write.</summary>
    public required string Out { get; init; }

    public int Seed { get; init; } = UsualSeed;

    /// <summary>How the names of the files begin that nothing is learnt from.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Later arguments win.</summary>
    /// <exception cref="ArgumentException">Something is missing or unknown.</exception>
    public static TrainOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--data" or "--corpus" or "--out" or "--seed" or "--without"))
                throw new ArgumentException($"train does not know {args[i]}; it takes --data DIR, --corpus DIR, --out FILE, --seed N and --without NAME,NAME…");
            if (i + 1 == args.Length) throw new ArgumentException($"{args[i]} needs a value");
            values[args[i]] = args[i + 1];
        }

        string Folder(string name) =>
            !values.TryGetValue(name, out var folder) ? throw new ArgumentException($"{name} is missing: the folder to read")
            : Directory.Exists(folder) ? folder
            : throw new ArgumentException($"{name}: there is no folder {folder}");

        var seed = UsualSeed;
        if (values.TryGetValue("--seed", out var text) && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed)) throw new ArgumentException("--seed must be a whole number");
        var path = values.GetValueOrDefault("--out") ?? throw new ArgumentException("--out is missing: the model to write");
        if (Directory.Exists(path)) throw new ArgumentException($"--out: {path} is a folder");
        var without = values.GetValueOrDefault("--without", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new TrainOptions { Data = Folder("--data"), Corpus = Folder("--corpus"), Out = path, Seed = seed, Without = without };
    }
}
