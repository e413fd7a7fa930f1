using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Ledger;

internal static class ArrayParameters
{
    /// <summary>A column of a set-based statement.</summary>
    public static NpgsqlParameter ToParameter<T>(this IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
