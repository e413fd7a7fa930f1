using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// The file of a model: magic, format, version of the rules, names of the heads, then per head scales and bias, per language calibration, per stage and
/// language thresholds, the weights, and the SHA-256 of all that. Little-endian throughout.
/// </summary>
internal static class ModelFile
{
    /// <summary>Rises with anything that changes how features are made or the file is laid out.</summary>
    private const int Format = 2;

    private const int DigestLength = 32;

    private static ReadOnlySpan<byte> Magic => "AIGC2DSM"u8;

    public static byte[] Write(ScreeningModel model)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Format);
            writer.Write(model.RuleSet);
            writer.Write(Models.Grams.BucketBits);
            writer.Write(Models.Lexicon.Rows);
            writer.Write(Heads.Count);
            foreach (var name in Heads.Names) writer.Write(name);
            foreach (var values in (ReadOnlySpan<float[]>)[model.GramScales, model.LexiconScales, model.Biases])
                foreach (var value in values) writer.Write(value);
            foreach (var calibration in model.Calibrations)
            {
                writer.Write(calibration.Slope);
                writer.Write(calibration.Offset);
            }

            foreach (var (stage, language, head) in EveryThreshold())
            {
                var threshold = model.Thresholds.Of(stage, language, head);
                writer.Write(threshold.Block);
                writer.Write(threshold.Review);
            }

            writer.Write(MemoryMarshal.AsBytes(model.Grams.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(model.Lexicon.AsSpan()));
        }

        buffer.Write(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no model, one of another format, or damaged.</exception>
    public static ScreeningModel Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Read(copy.ToArray());
    }

    /// <exception cref="InvalidDataException">It is no model, one of another format, or damaged.</exception>
    public static ScreeningModel Read(byte[] file)
    {
        if (file.Length < Magic.Length + sizeof(int) + DigestLength || !file.AsSpan().StartsWith(Magic)) throw new InvalidDataException("This is no screening model.");
        var format = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(Magic.Length));
        if (format != Format) throw new InvalidDataException($"The screening model has format {format}, and this program reads {Format}; make it again with ./aigc2d moderation train.");
        var body = file.AsSpan(0, file.Length - DigestLength);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(file.AsSpan(body.Length))) throw new InvalidDataException("The screening model is damaged: its digest does not fit.");

        using var reader = new BinaryReader(new MemoryStream(file, Magic.Length + sizeof(int), body.Length - Magic.Length - sizeof(int)), Encoding.UTF8);
        try
        {
            return Read(reader, Convert.ToHexStringLower(SHA256.HashData(file))[..12]);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The screening model ends too early.");
        }
    }

    private static ScreeningModel Read(BinaryReader reader, string version)
    {
        var rules = reader.ReadString();
        if (reader.ReadInt32() != Models.Grams.BucketBits || reader.ReadInt32() != Models.Lexicon.Rows) throw new InvalidDataException("The screening model has other features than this program.");
        var names = new string[reader.ReadInt32() is var count && count == Heads.Count ? count : throw HeadsDiffer()];
        for (var head = 0; head < names.Length; head++) names[head] = reader.ReadString();
        if (!names.SequenceEqual(Heads.Names)) throw HeadsDiffer();

        var (grams, lexicon, biases) = (Floats(reader), Floats(reader), Floats(reader));
        var calibrations = new Calibration[Languages.Count * Heads.Count];
        for (var i = 0; i < calibrations.Length; i++) calibrations[i] = new Calibration(reader.ReadSingle(), reader.ReadSingle());
        var thresholds = EveryThreshold().ToDictionary(at => at, _ => new Threshold(reader.ReadSingle(), reader.ReadSingle()));
        if (calibrations.Any(calibration => !(calibration.Slope > 0 && float.IsFinite(calibration.Slope) && float.IsFinite(calibration.Offset)))) throw new InvalidDataException("The screening model has a calibration that does not rise.");
        if (thresholds.Values.Any(threshold => !IsInOrder(threshold))) throw new InvalidDataException("The screening model has thresholds that are out of order.");
        var model = new ScreeningModel
        {
            Version = version,
            RuleSet = rules,
            GramScales = grams,
            LexiconScales = lexicon,
            Biases = biases,
            Calibrations = calibrations,
            Thresholds = new Thresholds(at => thresholds[at]),
            Grams = Weights(reader, Models.Grams.Buckets),
            Lexicon = Weights(reader, Models.Lexicon.Rows),
        };
        return reader.BaseStream.Position == reader.BaseStream.Length ? model : throw new InvalidDataException("The screening model goes on after its end.");
    }

    // From a half on, or never: below, a harmless text would be as likely as not; a person looks at no less than what is refused.
    private static bool IsInOrder(Threshold threshold) => threshold == Threshold.Never || (threshold.Block is >= Threshold.LowestBlock and <= 1 && threshold.Review > 0 && threshold.Review <= threshold.Block);

    private static float[] Floats(BinaryReader reader)
    {
        var values = new float[Heads.Count];
        for (var i = 0; i < values.Length; i++) values[i] = reader.ReadSingle();
        return values;
    }

    private static sbyte[] Weights(BinaryReader reader, int features)
    {
        var weights = new sbyte[features * Heads.Lanes];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return weights;
    }

    private static IEnumerable<(Contracts.Moderation.ScreeningStage Stage, Language Language, int Head)> EveryThreshold() =>
        from stage in Enum.GetValues<Contracts.Moderation.ScreeningStage>()
        from language in Enum.GetValues<Language>()
        from head in Enumerable.Range(0, Heads.Count)
        select (stage, language, head);

    private static InvalidDataException HeadsDiffer() => new("The screening model has other categories than this program.");
}
